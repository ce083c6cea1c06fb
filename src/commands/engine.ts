/**
 * The data core as the executor and the commands use it (src/core, src/keyspace implement it).
 *
 * An interface, so that commands do not depend on how a core is made; results, flags and counters
 * are those of src/core/assembly/layout.ts.
 */
import type { AwaitedKeys } from '../core/awaited-keys.js';
import type { CoreMemory } from '../core/memory-use.js';
import type { CoreCounters } from '../core/notes.js';
import type { CoreUpkeep } from '../core/upkeep.js';
import type { ListEnd } from '../keyspace/lists.js';
import type { StreamHandle } from '../keyspace/stream-handle.js';

export interface Engine {
  /**
   * Make room for so many bytes of input; it stays while a command handed over from it runs.
   *
   * @param alignment - of the bytes that will be put there (base/alignment.ts).
   * @returns where to write them; 0: memory is exhausted.
   */
  input(bytes: number, alignment?: number): number;
  write(at: number, bytes: Uint8Array): void;
  /**
   * Put bytes elsewhere than the input, until the next use. @returns where. @throws OUT_OF_MEMORY
   */
  scratch(bytes: Uint8Array): number;
  /** Execute the commands in the input, and publish what they wrote. @returns a STATUS_… */
  execute(ptr: number, bytes: number, flags: number, db: number): number;
  /** Execute a command given as arguments; replaces the argument table. @returns a STATUS_… */
  run(args: readonly Uint8Array[], flags: number, db: number): number;
  /** Bytes of the input that the last call has dealt with. */
  readonly consumed: number;
  /** Bytes needed, from there on, to make progress; 0: any more will do. */
  readonly need: number;
  /** @returns copies of the arguments of the command handed over. */
  args(): Buffer[];
  /** @returns the core's number of a command, by its name; 0: the core has none of that name. */
  idOf(name: string): number;
  /** The core's number of the last call's last command, if it was a slow one; else 0. */
  readonly slowId: number;
  readonly replyLength: number;
  /** @returns a copy of the replies written; they are then forgotten. */
  takeReplies(): Buffer;
  /** Changes to the data, counted up. */
  readonly dirty: number;
  /** Count changes that the host has made. */
  addDirty(changes: number): void;
  setNow(unixMs: number): void;
  /** @param events - EVENT_* bits: what takeEvents() shall tell of. */
  setNotedEvents(events: number): void;
  /** What has happened to keys since the last call, in order. */
  takeEvents(): { readonly event: number; readonly db: number; readonly key: Buffer }[];
  /** Add a command to the stream for replicas. */
  append(db: number, args: readonly (Uint8Array | string)[]): void;
  /** The offset of the last byte added, published or not. */
  readonly appended: number;
  /** Take out bytes that are not published yet. @returns false: they are overwritten. */
  cutAppended(from: number, length: number): boolean;
  /** Let replicas see what was added. @returns false: this node is fenced. */
  publish(): boolean;
  /** What the core has counted since it was made, or since `resetCounters`. */
  counters(): CoreCounters;
  /** How often a command of the core was called, failed, and was refused unexecuted. */
  commandCounters(id: number): { calls: number; failed: number; rejected: number };
  /** `counters().commands`, and one command's calls: what is asked for after every batch. */
  commandsExecuted(): number;
  callsOf(id: number): number;
  resetCounters(): void;
  /** Take stock of the memory; looks at every page of it. */
  memoryUse(): CoreMemory;
  /** What the keyspace does by itself. */
  readonly upkeep: CoreUpkeep;
  /** The keys that clients are blocked on. */
  readonly awaited: AwaitedKeys;
  /** @param bytes - 0: no limit but the memory's own. */
  setMaxmemory(bytes: number): void;
  setProtoMaxBulk(bytes: number): void;
  /** @param register - of one of the limits of collections (collections/layout.ts). */
  setLimit(register: number, value: number): void;
  /** Change the backlog's size. @returns false: there is no memory for it, nothing has changed. */
  resizeRing(bytes: number): boolean;
}

/** Values of any type. @see src/keyspace/values.ts */
export interface EngineValues {
  /** @returns elements (pairs of a hash); 0: no such key. Of a collection only. */
  size(key: Uint8Array): number;
  /** RDB's bytes behind the byte of the type. @returns null: no such key. @throws ReplyError OOM */
  dump(key: Uint8Array, isRead: boolean): Buffer | null;
  /** Of collections. @returns false: no such bytes. @throws ReplyError OOM */
  restore(key: Uint8Array, payload: Uint8Array, expireAtMs: bigint | null): boolean;
  /** @param cursor - 0n begins. @returns null: no such key. @throws ReplyError WRONGTYPE, OOM */
  scan(
    key: Uint8Array,
    type: 'hash' | 'set' | 'zset',
    cursor: bigint,
    count: number,
    isRead: boolean,
  ): { readonly cursor: bigint; readonly elements: readonly Buffer[] } | null;
  /** All elements, a hash's fields and values in turn; for inspection. */
  elements(key: Uint8Array): Buffer[];
  /** @returns null: no such key or field. @throws ReplyError WRONGTYPE */
  field(key: Uint8Array, field: Uint8Array): Buffer | null;
  /** Whether it is a sorted set: counts a hit or miss. @throws ReplyError WRONGTYPE */
  isZset(key: Uint8Array): boolean;
  /** A sorted set's member's. @returns null: there is none. @throws ReplyError WRONGTYPE */
  score(key: Uint8Array, member: Uint8Array): number | null;
  /** A sorted set's members from one score on, up to another. @throws ReplyError WRONGTYPE, OOM */
  scoreRange(
    key: Uint8Array,
    least: number,
    below: number,
  ): readonly { readonly member: Buffer; readonly score: number }[];
  /** Off an end of a sorted set. @returns null: no such key. @throws ReplyError WRONGTYPE, OOM */
  popScored(
    key: Uint8Array,
    isGreatest: boolean,
    wanted: number,
  ): readonly { readonly member: Buffer; readonly score: string }[] | null;
  /** Whatever the key held before; there must be members. @throws ReplyError OOM */
  setZset(
    key: Uint8Array,
    members: readonly { readonly member: Uint8Array; readonly score: number }[],
  ): void;
  /** @throws ReplyError WRONGTYPE, OOM */
  setField(key: Uint8Array, field: Uint8Array, value: Uint8Array): void;
}

/** Lists. @see src/keyspace/lists.ts */
export interface EngineLists {
  /** The elements from an index on, for inspection; there must be so many. Of a list only. */
  range(key: Uint8Array, index: number, count: number): Buffer[];
  /** Members of a sorted set from a rank on, for inspection; there must be so many. */
  ranks(key: Uint8Array, rank: number, count: number): Buffer[];
  /** Take up to so many elements. @returns none: no such key. @throws ReplyError WRONGTYPE, OOM */
  pop(key: Uint8Array, end: ListEnd, count: number): Buffer[];
  /**
   * Take an element off one list and put it on another, or on the same.
   *
   * @returns null: there is none.
   * @throws ReplyError WRONGTYPE, OOM: nothing has changed.
   */
  move(from: Uint8Array, to: Uint8Array, fromEnd: ListEnd, toEnd: ListEnd): Buffer | null;
}

export interface EngineDatabase {
  exists(key: Uint8Array): boolean;
  /** Whether it is there and its time has not come; unlike `exists`, it deletes nothing. */
  isLive(key: Uint8Array): boolean;
  /** Whether it is there, its time come or not; deletes nothing. */
  isStored(key: Uint8Array): boolean;
  /** `none` for a key that is missing. */
  typeOf(key: Uint8Array): string;
  /** How Redis would hold the value: OBJECT ENCODING's word. @returns null: no such key. */
  encodingOf(key: Uint8Array): string | null;
  /** Values of any type: as RDB's bytes, collections by their elements. */
  readonly values: EngineValues;
  readonly lists: EngineLists;
  /** @throws ReplyError OOM */
  setString(
    key: Uint8Array,
    value: Uint8Array | string,
    options?: {
      /** Keep the expiry that the key has. */
      readonly keepTtl?: boolean;
      /** Unix ms. */
      readonly expireAtMs?: number | bigint;
      /** Its encoding is not `int`, even if it reads like an integer. */
      readonly isText?: boolean;
      /** Its encoding is `raw`, even if it is short. */
      readonly isRaw?: boolean;
    },
  ): void;
  /**
   * The string in place, to be read before anything is changed.
   *
   * @returns null: there is no such key.
   * @throws ReplyError WRONGTYPE
   */
  viewString(key: Uint8Array): Uint8Array | null;
  /**
   * The string in place, made `length` bytes long with zeros if it is shorter, to be changed before
   * any other call, which must be closeString().
   *
   * @returns all of it, and whether it was made or made longer.
   * @throws ReplyError WRONGTYPE or OOM
   */
  openString(
    key: Uint8Array,
    length: number,
  ): { readonly bytes: Uint8Array; readonly grew: boolean };
  /** What openString() gave has been changed: other threads may read it again. */
  closeString(): void;
  /** The same without counting a hit or miss or noting an access. @throws ReplyError WRONGTYPE */
  peekView(key: Uint8Array): Uint8Array | null;
  /** @throws ReplyError WRONGTYPE */
  getString(key: Uint8Array): Buffer | null;
  /** The same for inspection: counts no hit, notes no access. */
  peekString(key: Uint8Array): Buffer | null;
  /** The stream at a key. @returns null: there is no such key. @throws ReplyError WRONGTYPE */
  readStream(key: Uint8Array): StreamHandle | null;
  /** The same, to be changed. */
  changeStream(key: Uint8Array): StreamHandle | null;
  /** Make an empty stream at a key that is missing. @throws ReplyError OOM */
  makeStream(key: Uint8Array): StreamHandle;
  /** Clients blocked on the stream are to look at it again. */
  signalStream(key: Uint8Array): void;
  delete(key: Uint8Array): boolean;
  /** @returns Unix ms; -1: it has no expiry; -2: there is no such key. */
  expireAt(key: Uint8Array): number;
  size(): number;
  /** How many buckets of 64 bytes the index has. */
  buckets(): number;
  expiresSize(): number;
  /** @returns ms, an estimate over the keys that have an expiry. */
  avgTtl(): number;
  randomKey(): Buffer | null;
  /**
   * @param cursor - 0n to begin.
   * @param onExpired - what to do about keys whose time has come; they are not visited.
   * @returns the next cursor; 0n: the whole database has been visited.
   */
  scan(
    cursor: bigint,
    count: number,
    visit: (key: Buffer) => void,
    onExpired?: 'meet' | 'leave',
  ): bigint;
  rename(from: Uint8Array, to: Uint8Array, toDb?: number): boolean;
  copy(from: Uint8Array, to: Uint8Array, toDb?: number): boolean;
  /** Note an access. @returns whether there is such a key. */
  touch(key: Uint8Array): boolean;
  /** @returns seconds since the last access; null: no such key. */
  idleSeconds(key: Uint8Array): number | null;
  setIdleSeconds(key: Uint8Array, seconds: number): void;
  setFrequency(key: Uint8Array, frequency: number): void;
  /** @returns how often it is used, logarithmic, 0 to 255; null: no such key, or not counted. */
  frequency(key: Uint8Array): number | null;
  /** @returns bytes; null: no such key. */
  memoryUsage(key: Uint8Array): number | null;
  addressOf(key: Uint8Array): number | null;
  /**
   * Run something to which a key whose time has come, and which is still there, is a key like
   * others.
   */
  withExpired<T>(read: () => T): T;
  /** @param isLazy - free the memory afterwards, in slices. */
  flush(isLazy?: boolean): number;
}

export interface EngineKeyspace {
  readonly databases: number;
  db(index: number): EngineDatabase;
  /** Keys of all databases. */
  totalKeys(): number;
  /** Exchange the contents of two databases. */
  swap(one: number, other: number): void;
  flushAll(isLazy?: boolean): number;
}
