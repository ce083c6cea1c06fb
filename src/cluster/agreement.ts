/**
 * Wait until all actors of a cluster agree, by asking each of them what it lacks (`readiness.ts`).
 *
 * Used when a cluster starts, and again whenever its user wants to know that a fault is over.
 */
import type { Address } from '../base/address.js';
import { RingleaderError } from '../base/errors.js';
import type { SharedMemory } from '../base/shared-memory.js';
import type { Millis } from '../base/time.js';
import { realClock } from '../io/clock.js';
import type { ActorRecord } from '../runtime/actor-record.js';
import type { ActorSystem } from '../runtime/actor-system.js';
import type { BytePort } from '../runtime/connection.js';
import type { OutsideMaster } from '../runtime/mastership.js';
import { ask, Channel } from './client/channel.js';
import { replicationOffset } from './client/offset.js';
import { text } from './client/value.js';
import { infoOffset } from '../resp/info-text.js';
import type { Reply } from '../resp/reply.js';
import type { Members } from './members.js';
import type { Topology } from './options.js';
import { expectedOf, nodeLacks, sentinelLacks } from './readiness.js';

/** A node or sentinel; the same object at each look. */
export interface GroupMember extends Pick<ActorRecord, 'kind' | 'state'> {
  readonly spec: { readonly id: string };
  readonly address: Address;
  /** Of a node in this process; null: its offset is in its INFO. */
  readonly memory: SharedMemory | null;
}

/** The cluster, as far as it is asked here. */
export interface Group {
  readonly topology: Topology;
  records(): readonly GroupMember[];
  /** The node that is master, or the head. */
  master(): GroupMember;
  /** The master, where it is a server outside. */
  outside(): OutsideMaster | null;
  /** Null: it cannot be reached. */
  connect(id: string): BytePort | null;
  /** Why a node's link to its master is down; null: not known. */
  linkFailure(id: string): string | null;
  /** ms between two looks. */
  readonly pollMs: Millis;
  isStopped(): boolean;
}

/** What is asked of a cluster, by its actor system. */
export function groupOf(
  topology: Topology,
  system: ActorSystem,
  members: Pick<Members, 'linkFailure'>,
  masterId: () => string,
  isStopped: () => boolean,
): Group {
  return {
    topology,
    records: () => system.records(),
    master: () => system.record(masterId()),
    outside: () => system.outsideMaster,
    connect: (id) => system.router.connect(id, 'client'),
    linkFailure: (id) => members.linkFailure(id),
    pollMs: POLL_MS,
    isStopped,
  };
}

const BEHIND = 'has not caught up with its master';
/** ms between two looks at threads. */
const POLL_MS = 5;

/**
 * Resolves when every node is up, the replicas follow the master and have all that it has published
 * by now, and every sentinel sees it so and has its quorum.
 *
 * @throws RingleaderError NOT_READY: not within `timeoutMs`; the message says what was missing.
 * @throws RingleaderError CLOSED: the cluster was stopped meanwhile.
 */
export async function untilAgreed(group: Group, timeoutMs: Millis): Promise<void> {
  const giveUpAt = realClock.monotonicMs() + timeoutMs;
  const questions = new Questions(group);
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), Math.min(timeoutMs, 2 ** 31 - 1));
  const isOver = new Promise<void>((resolve) => {
    timeout.signal.addEventListener('abort', () => resolve());
  });
  try {
    for (;;) {
      await Promise.race([questions.round(), isOver]);
      if (group.isStopped()) throw stopped();
      const missing = questions.missing();
      if (missing.length === 0) return;
      if (realClock.monotonicMs() >= giveUpAt || timeout.signal.aborted) {
        throw new RingleaderError(
          'NOT_READY',
          `not ready after ${timeoutMs} ms: ${missing.join('; ')}`,
        );
      }
      await new Promise((resolve) => {
        setTimeout(resolve, group.pollMs);
      });
    }
  } finally {
    clearTimeout(timer);
    questions.close();
  }
}

/** A connection to each actor, and what each was found to lack. */
class Questions {
  readonly #group: Group;
  readonly #channels = new Map<string, Channel>();
  /** In words; null: nothing. */
  readonly #lacks = new Map<string, string | null>();
  /** What the master had published when the question arose; null: it has not said so yet. */
  #offset: number | null;

  constructor(group: Group) {
    this.#group = group;
    this.#offset = offsetOf(group.master(), null);
    for (const { spec } of group.records()) this.#lacks.set(spec.id, 'does not answer');
  }

  /** Ask all once. Does not end while one of them stands still. */
  async round(): Promise<void> {
    await Promise.all(
      this.#group.records().map(async (record) => {
        this.#lacks.set(record.spec.id, await this.#lackOf(record));
      }),
    );
  }

  missing(): string[] {
    return [...this.#lacks].filter(([, lack]) => lack !== null).map((entry) => entry.join(' '));
  }

  close(): void {
    for (const channel of this.#channels.values()) channel.close();
  }

  async #lackOf(record: GroupMember): Promise<string | null> {
    const { id } = record.spec;
    if (record.state !== 'up') return `is ${record.state}`;
    if (record.kind === 'coordinator') return null;
    const channel = this.#channelTo(id);
    if (channel === null) return 'cannot be reached';
    if (record.kind === 'sentinel') return this.#lackOfSentinel(channel);
    const { topology } = this.#group;
    const password = topology.config['requirepass'];
    if (password) await ask(channel, 'AUTH', password);
    const info = await ask(channel, 'INFO', 'replication');
    const head = this.#group.master();
    const outside = this.#group.outside();
    const expected = expectedOf(topology, record === head, outside, head.address.port);
    const lack = nodeLacks(info, expected, this.#group.linkFailure(id));
    const offset = offsetOf(record, info) ?? -1;
    if (record === head && lack === null) this.#offset ??= offset;
    return lack ?? (offset < (this.#offset ?? Infinity) ? BEHIND : null);
  }

  async #lackOfSentinel(channel: Channel): Promise<string | null> {
    const { name, replicas, sentinels } = this.#group.topology;
    const [seen, quorum] = await Promise.all([
      ask(channel, 'SENTINEL', 'MASTER', name),
      ask(channel, 'SENTINEL', 'CKQUORUM', name),
    ]);
    const outside = this.#group.outside();
    if (outside === null) {
      const masterPort = this.#group.master().address.port;
      return sentinelLacks(seen, quorum, { replicas, sentinels, masterPort });
    }
    if (outside.isWatched) {
      const expected = { replicas: replicas + 1, sentinels, masterPort: outside.port };
      return sentinelLacks(seen, quorum, expected);
    }
    if (seen === null) return 'does not answer SENTINEL MASTER';
    return seen.type === 'error' ? null : 'watches a group that is not its own';
  }

  /** The connection of an actor that has died since is replaced. */
  #channelTo(id: string): Channel | null {
    const known = this.#channels.get(id);
    if (known !== undefined && !known.isClosed) return known;
    const port = this.#group.connect(id);
    if (port === null) return null;
    const channel = new Channel(port);
    this.#channels.set(id, channel);
    return channel;
  }
}

/** @param info - what the node says of itself; null: it has not been asked. */
function offsetOf({ memory }: GroupMember, info: Reply | null): number | null {
  if (memory !== null) return replicationOffset(memory);
  return info?.type === 'bulk' ? infoOffset(text(info.value)) : null;
}

export function stopped(): RingleaderError {
  return new RingleaderError('CLOSED', 'the cluster was stopped');
}
