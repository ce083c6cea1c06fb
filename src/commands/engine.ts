/**
 * The data core as the executor and the commands use it (src/core, src/keyspace implement it).
 *
 * An interface, so that commands do not depend on how a core is made; results and flags are those of
 * src/core/assembly/layout.ts.
 */
export interface Engine {
  /** Make room for so many bytes of input. @returns where to write them. */
  input(bytes: number): number;
  write(ptr: number, bytes: Uint8Array): void;
  /** Execute the commands in the input. @returns a STATUS_… */
  execute(ptr: number, bytes: number, flags: number, db: number): number;
  /** Execute the command in the argument table, gated or not. @returns a STATUS_… */
  executeParsed(flags: number, db: number): number;
  /** Execute a command given as arguments. @returns a STATUS_… */
  run(args: readonly Uint8Array[], flags: number, db: number): number;
  /** Bytes of the input that the last call has dealt with. */
  readonly consumed: number;
  /** Bytes needed, from there on, to make progress; 0: unknown. */
  readonly need: number;
  readonly argc: number;
  readonly replyLength: number;
  /** @returns a copy of an argument of the command handed over. */
  arg(index: number): Buffer;
  /** @returns a copy of the replies written; they are then forgotten. */
  takeReplies(): Buffer;
  /** Changes to the data so far. */
  readonly dirty: number;
  setNow(unixMs: number): void;
  /** Add a command to the stream for replicas. */
  append(db: number, args: readonly (Uint8Array | string)[]): void;
  /** What the core has counted since it was made, or since `resetCounters`. */
  counters(): EngineCounters;
  resetCounters(): void;
  memory(): EngineMemory;
  /** Let replicas see what was added. @returns false: this node is fenced. */
  publish(): boolean;
}

export interface EngineCounters {
  /** Commands that the core executed by itself. */
  readonly commands: number;
  readonly hits: number;
  readonly misses: number;
  readonly expiredKeys: number;
  readonly evictedKeys: number;
}

/** Bytes. */
export interface EngineMemory {
  readonly used: number;
  readonly peak: number;
  /** Used by an empty core. */
  readonly startup: number;
  readonly backlog: number;
}

export interface EngineDatabase {
  exists(key: Uint8Array): boolean;
  typeOf(key: Uint8Array): string;
  getString(key: Uint8Array): Buffer | null;
  setString(key: Uint8Array, value: Uint8Array, options?: { expireAtMs?: number }): void;
  delete(key: Uint8Array): boolean;
  size(): number;
  expiresSize(): number;
  randomKey(): Buffer | null;
  /** @returns the next cursor; 0n: the whole table has been visited. */
  scan(cursor: bigint, count: number, visit: (key: Buffer) => void): bigint;
  rename(from: Uint8Array, to: Uint8Array): void;
  flush(): void;
}

export interface EngineKeyspace {
  readonly databases: number;
  db(index: number): EngineDatabase;
  flushAll(): void;
}
