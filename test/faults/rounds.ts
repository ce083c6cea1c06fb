/**
 * Rounds of faults: a master is hurt in the midst of writes, and afterwards nothing may be missing.
 *
 * A round writes unique keys through the cluster's own client, strikes the master at a random
 * moment of it, goes on writing through whatever comes, and then checks from outside (observer.ts):
 *
 * - every write that was acknowledged stands, with its value, on every node;
 * - the survivors continued from their offset: none took a full sync but the node that was struck.
 *   (Where the machine is busy a second failover may follow: a master that is replaced while it
 *   stands still, with something begun that it had not published, takes one as well);
 * - that one is back as a replica.
 *
 * Nothing is decided by time but that a cluster which has not settled in SETTLE_MS never will.
 */
import { assert, assertNever } from '../../src/base/assert.js';
import { RingleaderError } from '../../src/base/errors.js';
import type { Prng } from '../../src/base/prng.js';
import type { Client } from '../../src/cluster/client/client.js';
import type { Cluster } from '../../src/cluster/cluster.js';
import type { ClusterEvents } from '../../src/cluster/events.js';
import { Observer } from './observer.js';

/** How a master is struck, each time by the road that the real thing takes. */
export const FAULTS = ['kill', 'throw', 'oom', 'freeze'] as const;
export type FaultKind = (typeof FAULTS)[number];

export interface RoundOptions {
  readonly fault: FaultKind;
  readonly writes: number;
  /** Chooses the moment. */
  readonly random: Prng;
  /** Prefix of the round's keys; another for each round of a cluster. */
  readonly prefix: string;
  /** Told how far it is. */
  readonly note?: (text: string) => void;
}

export interface RoundResult {
  readonly fault: FaultKind;
  readonly struck: string;
  readonly promoted: string;
  /** Writes that were acknowledged. */
  readonly acknowledged: number;
  /** Writes that had left and were never answered: they may be there or not. */
  readonly unknown: number;
  /** From the fault to the first write that the new master acknowledged, as its client saw it. */
  readonly outageMs: number;
  /** Rules broken, in words; empty: none. */
  readonly violations: readonly string[];
}

/** Writes under way at the most; what is issued in one turn of the loop leaves as one message. */
const WINDOW = 500;
/** A thread may take ten seconds to start where thirty others want the processor. */
const SETTLE_MS = 60_000;
/** Keys asked for at once. */
const READ_KEYS = 1_000;

/** @param cluster - settled, of one master and at least two replicas. */
export async function runRound(cluster: Cluster, options: RoundOptions): Promise<RoundResult> {
  await using observer = new Observer(cluster);
  const violations: string[] = [];
  const before = await observer.settled(SETTLE_MS);
  if (before !== null) violations.push(`not settled before the fault: ${before}`);
  const struck = cluster.masterId;
  const survivors = new Survivors(cluster, struck);
  const { note = (): void => {} } = options;
  const writer = new Writer(cluster, options);
  await writer.run(() => {
    note(`${options.fault} ${struck}`);
    return strike(cluster, struck, options.fault);
  });
  note('all is written');
  violations.push(...writer.violations);
  if (options.fault === 'freeze') cluster.resume(struck);

  const after = await observer.settled(SETTLE_MS);
  note(after ?? 'settled');
  if (after !== null) violations.push(`not settled after the fault: ${after}`);
  const { promoted, restarted } = survivors.end();
  if (promoted === null) violations.push('the master is still the one that was struck');
  violations.push(...restarted.map((id) => `${id} took a full sync: it did not continue`));
  if (after === null) violations.push(...(await missing(cluster, observer, writer)));
  return {
    fault: options.fault,
    struck,
    promoted: promoted ?? struck,
    acknowledged: writer.acknowledged.size,
    unknown: writer.unknown,
    outageMs: writer.outageMs,
    violations,
  };
}

/** Resolves when the fault has been set off: for a freeze, when the thread stands still. */
async function strike(cluster: Cluster, id: string, fault: FaultKind): Promise<void> {
  switch (fault) {
    case 'kill':
      await cluster.kill(id);
      return;
    case 'throw':
      cluster.inject(id, 'throw');
      return;
    case 'oom':
      cluster.inject(id, 'out-of-memory');
      return;
    case 'freeze':
      await cluster.pause(id);
      return;
    default:
      assertNever(fault);
  }
}

class Writer {
  readonly acknowledged = new Map<string, string>();
  readonly violations: string[] = [];
  unknown = 0;
  outageMs = Infinity;
  readonly #cluster: Cluster;
  readonly #client: Client;
  readonly #options: RoundOptions;
  readonly #strikeAfter: number;
  #underWay = 0;
  #settled = 0;
  #onProgress: () => void = () => {};
  #struckAt: number | null = null;
  #switched = false;
  /** Nobody was promoted in the time allowed. */
  #isOver = false;

  constructor(cluster: Cluster, options: RoundOptions) {
    const { writes, random } = options;
    this.#cluster = cluster;
    this.#options = options;
    this.#client = cluster.client({ retryForMs: SETTLE_MS });
    assert(writes >= 2 * WINDOW, `a round is of ${2 * WINDOW} writes or more`);
    const after = Math.floor(writes / 10) + random.below(Math.floor((writes * 7) / 10));
    this.#strikeAfter = Math.min(after, writes - WINDOW);
  }

  /** Write all there is to write, and strike in between. */
  async run(strikeMaster: () => Promise<void>): Promise<void> {
    const { writes } = this.#options;
    const onSwitch = (): void => {
      this.#switched = true;
      this.#onProgress();
    };
    this.#cluster.on('switch-master', onSwitch);
    let timer: NodeJS.Timeout | undefined;
    let striking: Promise<void> | null = null;
    let issued = 0;
    for (;;) {
      for (; this.#mayIssue(issued); issued++) this.#write(issued);
      if (this.#isOver || (this.#settled === issued && issued >= writes)) break;
      if (striking === null && this.#settled >= this.#strikeAfter) {
        this.#struckAt = performance.now();
        striking = strikeMaster();
        timer = setTimeout(() => {
          this.#isOver = true;
          this.#onProgress();
        }, SETTLE_MS);
      }
      // Asleep while there is nothing to do: the processor is for those who elect a new master.
      await new Promise<void>((resolve) => {
        this.#onProgress = resolve;
      });
    }
    clearTimeout(timer);
    await striking;
    this.#cluster.off('switch-master', onSwitch);
    this.#client.close();
    if (this.outageMs === Infinity) this.violations.push('no write was accepted after the fault');
  }

  /**
   * The last ones are kept for the new master. A fault may take its time, as starvation does, and a
   * master that is still fast would answer everything before. If that one is replaced in turn, and
   * none of them was answered, there are more.
   *
   * @param issued - how many there have been.
   */
  #mayIssue(issued: number): boolean {
    const { writes } = this.#options;
    if (this.#underWay >= WINDOW) return false;
    if (issued >= writes) {
      const isAnswered = this.outageMs < Infinity || this.violations.length > 0;
      return this.#settled === issued && !isAnswered;
    }
    return this.#switched || writes - issued > WINDOW;
  }

  #write(i: number): void {
    const key = `${this.#options.prefix}:${i}`;
    const value = `value ${i}`;
    const isAfter = this.#struckAt !== null;
    this.#underWay += 1;
    void this.#client
      .set(key, value)
      .then(() => this.#onAcknowledged(key, value, isAfter))
      .catch((error: unknown) => this.#onError(key, error))
      .finally(() => {
        this.#underWay -= 1;
        this.#settled += 1;
        this.#onProgress();
      });
  }

  #onAcknowledged(key: string, value: string, isAfter: boolean): void {
    this.acknowledged.set(key, value);
    if (!isAfter || !this.#switched || this.outageMs < Infinity) return;
    this.outageMs = performance.now() - (this.#struckAt ?? 0);
  }

  #onError(key: string, error: unknown): void {
    const isLost = error instanceof RingleaderError && error.code === 'CONNECTION_LOST';
    if (isLost && this.#struckAt !== null) this.unknown += 1;
    else this.violations.push(`SET ${key}: ${String(error)}`);
  }
}

/** What becomes of the nodes that are not struck. */
class Survivors {
  readonly #cluster: Cluster;
  readonly #struck: string;
  readonly #fullSyncs = new Set<string>();
  readonly #diverged = new Set<string>();
  #promoted: string | null = null;

  constructor(cluster: Cluster, struck: string) {
    this.#cluster = cluster;
    this.#struck = struck;
    cluster.on('node', this.#onNode);
    cluster.on('switch-master', this.#onSwitch);
  }

  /** @returns who was promoted first, and who began anew without a reason. */
  end(): { readonly promoted: string | null; readonly restarted: readonly string[] } {
    this.#cluster.off('node', this.#onNode);
    this.#cluster.off('switch-master', this.#onSwitch);
    const restarted = [...this.#fullSyncs].filter((id) => !this.#diverged.has(id));
    return { promoted: this.#promoted, restarted };
  }

  readonly #onNode = ({ id, name, payload }: ClusterEvents['node']): void => {
    if (id === this.#struck) return;
    if (name === 'full-resync') this.#fullSyncs.add(id);
    if (name === 'fenced' && Object(payload).diverged === true) this.#diverged.add(id);
  };

  readonly #onSwitch = ({ to }: ClusterEvents['switch-master']): void => {
    if (to !== this.#struck) this.#promoted ??= to;
  };
}

/** @returns a line per node that lacks acknowledged writes. */
async function missing(cluster: Cluster, observer: Observer, writer: Writer): Promise<string[]> {
  const lines: string[] = [];
  const keys = [...writer.acknowledged.keys()];
  for (const { id, role } of cluster.nodes()) {
    const lost: string[] = [];
    for (let at = 0; at < keys.length; at += READ_KEYS) {
      const part = keys.slice(at, at + READ_KEYS);
      const values = await observer.connection(id).mget(part);
      lost.push(...part.filter((key, i) => values[i] !== writer.acknowledged.get(key)));
    }
    if (lost.length > 0) {
      const which = `${lost[0]} … ${lost.at(-1)}`;
      lines.push(`${id} (${role}) lacks ${lost.length} acknowledged writes: ${which}`);
    }
  }
  return lines;
}
