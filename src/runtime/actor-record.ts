/** What an actor system knows of its actors, over all their lives. */
import type { SharedMemory } from '../base/shared-memory.js';
import type { Address } from '../base/address.js';
import { assert } from '../base/assert.js';
import { RingleaderError } from '../base/errors.js';
import type { Millis } from '../base/time.js';
import type {
  ActorKind,
  CoordinatorConfig,
  DownReason,
  NodeConfig,
  SentinelConfig,
} from './messages.js';
import { MAIN_INDEX } from './partition.js';
import type { Thread } from './spawn.js';
import type { ChildSpec } from './supervisor.js';

/** An actor to start: data, but for the entry file's URL. */
export type ActorSpec = {
  readonly id: string;
  /** The compiled entry file of its thread. */
  readonly entry: URL;
  /** MB of JavaScript heap. */
  readonly heapMb: number;
  readonly child: ChildSpec;
  /** It loads its data from disk when it starts. */
  readonly hasDisk: boolean;
} & (
  | { readonly kind: 'node'; readonly config: NodeConfig }
  | { readonly kind: 'sentinel'; readonly config: SentinelConfig }
  | { readonly kind: 'coordinator'; readonly config: CoordinatorConfig }
);

/**
 * 'starting': the thread runs, the actor does not listen yet. 'up'. 'unresponsive': up, but its
 * loop stands still. 'down': no thread, to be started again. 'gone': no thread, and none will be.
 */
type ActorState = 'starting' | 'up' | 'unresponsive' | 'down' | 'gone';

export interface ActorRecord {
  readonly spec: ActorSpec;
  readonly index: number;
  readonly kind: ActorKind;
  state: ActorState;
  /** Set while it is down in whatever way; null otherwise. */
  downReason: DownReason | null;
  /** Where it listens; from its first life on, it asks for the same port again. */
  address: Address;
  thread: Thread | null;
  /** Of the present life, or of the last. */
  memory: SharedMemory | null;
  /** Lives so far. */
  lives: number;
  /** It has listened once, so others know it and its death is an event. */
  hasListened: boolean;
  /** Why it said that it cannot go on, in this life. */
  failure: string | null;
  /** When it was restarted lately; monotonic ms. */
  restarts: readonly Millis[];
  /** What it wants to find in its next life. */
  saved: string | null;
  /** Dead, was master, and waits for another node to become master. */
  waitsForFailover: boolean;
  /** Resolves or rejects `start`, until the first life is up. */
  starter: { resolve(address: Address): void; reject(error: Error): void } | null;
  /** Resolves `stop`. */
  onStopped: () => void;
}

/** A record of an actor that has not been started. */
function newRecord(spec: ActorSpec, index: number): ActorRecord {
  return {
    spec,
    index,
    kind: spec.kind,
    state: 'starting',
    downReason: null,
    address: { host: spec.config.host, port: spec.config.port },
    thread: null,
    memory: null,
    lives: 0,
    hasListened: false,
    failure: null,
    restarts: [],
    saved: null,
    waitsForFailover: false,
    starter: null,
    onStopped: () => {},
  };
}

/** Whether there is a thread to talk to. */
export function isRunning(record: ActorRecord): record is ActorRecord & { thread: Thread } {
  return record.thread !== null;
}

/** All actors of a system, by id and in the order in which they were added. */
export class ActorTable {
  readonly #records = new Map<string, ActorRecord>();

  records(): readonly ActorRecord[] {
    return [...this.#records.values()];
  }

  add(spec: ActorSpec): ActorRecord {
    assert(!this.#records.has(spec.id), `${spec.id} exists`);
    assert(this.#records.size < MAIN_INDEX, 'a cluster has at most 63 actors');
    const record = newRecord(spec, this.#records.size);
    this.#records.set(spec.id, record);
    return record;
  }

  /** @throws RingleaderError NO_SUCH_ACTOR */
  find(id: string): ActorRecord {
    const record = this.#records.get(id);
    if (record !== undefined) return record;
    const known = [...this.#records.keys()].join(', ');
    throw new RingleaderError('NO_SUCH_ACTOR', `no actor is called ${id}; there are ${known}`);
  }

  /** @throws RingleaderError NO_SUCH_ACTOR, or ACTOR_DOWN: it has no thread. */
  running(id: string): ActorRecord & { thread: Thread } {
    const record = this.find(id);
    if (isRunning(record)) return record;
    throw new RingleaderError('ACTOR_DOWN', `${id} has no thread: it is ${record.state}`);
  }
}
