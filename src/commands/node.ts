/**
 * What commands need of the node they run in, each thing by itself: src/server has the things, and
 * a test small ones of its own. Times are Unix ms unless a name says otherwise.
 */
import type { Reply } from '../resp/reply.js';
import type { ClientTracking, CommandClient } from './client.js';
import type { Database } from '../keyspace/database.js';
import type { CommandFacts, EventClass, ResolvedFacts } from './facts.js';
import type { Blocked, RawReply } from '../resp/command-answer.js';

/** The table of commands, for COMMAND. */
export interface CommandDirectory {
  /** How many commands there are, subcommands not counted. */
  readonly size: number;
  /** Commands, without their subcommands. */
  all(): readonly CommandFacts[];
  /** @returns the command that the arguments call (a subcommand where there are some), or null. */
  lookup(args: readonly (Uint8Array | undefined)[]): ResolvedFacts | null;
  /** @returns the command of a name as COMMAND takes it: `get`, `config|get`; or null. */
  find(name: string): ResolvedFacts | null;
}

/** The clients that are connected, in the order they came. */
export interface ConnectedClients {
  readonly size: number;
  all(): readonly CommandClient[];
  get(id: number): CommandClient | undefined;
}

type Databases = (db: number) => Database;

/** WATCH: those that write to a key beside what their arguments name tell it. */
export interface WatchedKeys {
  watch(client: CommandClient, key: Buffer, db: Database): void;
  unwatch(client: CommandClient): void;
  touch(db: number, key: Uint8Array): void;
  touchFlushed(flushed: number | null, databases: Databases): void;
  touchSwapped(one: number, other: number, databases: Databases): void;
}

/** Clients blocked on keys: those that replace whole databases tell it. */
export interface BlockedKeys {
  /**
   * A database is another now: see which of the keys that clients are blocked on are ready, after
   * the command.
   *
   * @param db - null: all of them.
   */
  recheck(db: number | null): void;
}

/** CLIENT TRACKING's options. */
export type TrackingOptions = Omit<ClientTracking, 'caching' | 'isBroken'>;

/** Keys that clients have in caches of their own. */
export interface TrackedKeys<C extends CommandClient = CommandClient> {
  enable(client: C, options: TrackingOptions): void;
  disable(client: C): void;
}

export interface Transactions {
  /** From here on the client's commands are queued. */
  begin(client: CommandClient): void;
  /** Forget what is queued, and the keys that it watches. */
  discard(client: CommandClient): void;
  /**
   * Run what is queued.
   *
   * @returns what to answer; null: the replies are sent already.
   * @throws ReplyError: there is no transaction, or it cannot be run.
   */
  exec(client: CommandClient): Reply | null;
}

export interface KeyspaceNotices {
  notify(eventClass: EventClass, name: string, key: Uint8Array, db: number): void;
}

/** MONITOR. */
export interface MonitorList {
  add(client: CommandClient): void;
  remove(client: CommandClient): void;
}

/** The append-only file. */
export interface AppendOnlyFile {
  /**
   * BGREWRITEAOF. @param isQueued - EXEC runs it: the data must be those after all of its commands.
   */
  rewrite(isQueued: boolean): { readonly state: 'ok' | 'refused'; readonly text: string };
  /** DEBUG LOADAOF. @returns the error; null: done. */
  reload(): string | null;
  /** What of it has been read at the start; null: it is not being read. */
  loading(): {
    readonly startedAtSeconds: number;
    readonly totalBytes: number;
    readonly loadedBytes: number;
  } | null;
  /** @returns null, or why no client may write now, as Redis words it. */
  whyNoWrites(): string | null;
  /** INFO's fields: those there always are, and those of a file that is on. */
  info(): {
    readonly always: readonly (readonly [string, string | number])[];
    readonly whileOn: readonly (readonly [string, string | number])[];
  };
  /** Not in the file yet. */
  readonly bufferBytes: number;
  /** CONFIG RESETSTAT. */
  resetCounts(): void;
}

/** CLIENT PAUSE. */
export interface ClientPause {
  start(mode: 'write' | 'all', untilMs: number): void;
  end(): void;
  /** End it if its time is up. */
  check(nowMs: number): void;
}

/** What the keyspace does by itself. */
export interface KeyspaceUpkeep {
  /** Go on soon with what a lazy flush has left. */
  freeSoon(): void;
  /** MEMORY PURGE. */
  purge(): void;
  resetCounts(): void;
}

export interface LatencySample {
  /** Unix seconds. */
  readonly time: number;
  /** Ms. */
  readonly latency: number;
}

export interface LatencySeries {
  /** Oldest first; never empty. */
  readonly samples: readonly LatencySample[];
  /** Ms: the worst since the series began, even if its sample is gone. */
  readonly max: number;
}

/** The latency monitor's findings, by event. */
export interface LatencyHistory {
  readonly series: ReadonlyMap<string, LatencySeries>;
  /** @param names - none: all. @returns how many were reset. */
  reset(names: readonly string[]): number;
}

export interface SlowlogEntry {
  /** Counted from 0 since the node began. */
  readonly id: number;
  /** Unix seconds. */
  readonly time: number;
  readonly micros: number;
  readonly args: readonly (Buffer | string)[];
  readonly address: string;
  readonly clientName: string;
}

export interface SlowCommands {
  /** The newest first. */
  readonly entries: readonly SlowlogEntry[];
  reset(): void;
}

/** How long a command's calls took. */
export interface CallTimes {
  /** null: none were tracked. */
  readonly histogram: {
    readonly calls: number;
    steps(): readonly { readonly micros: number; readonly calls: number }[];
  } | null;
}

/** What commands have cost, by full name. */
export interface CommandCosts {
  all(): readonly (readonly [string, CallTimes])[];
  named(resolved: ResolvedFacts): readonly (readonly [string, CallTimes])[];
  reset(): void;
}

/** INFO's counts. */
export interface Statistics {
  readonly startedAtMs: number;
  reset(): void;
}

/** Lines of `name:value`. */
export type InfoFields = readonly (readonly [string, string | number])[];

/** The node's state, for INFO and MEMORY. */
export interface NodeReport {
  /** @param asked - names of sections, in lower case; none: those shown by default. */
  text(asked: readonly string[], nowMs: number): string;
  /** The fields of section memory. */
  memory(): InfoFields;
}

/** What DEBUG turns on and off. */
export interface DebugSwitches {
  /** Keys whose time has come are deleted although no command names them. */
  activeExpire: boolean;
  /** What is done ten times a second is left undone. */
  pausesCron: boolean;
  /** RESTORE looks neither at its payload's version nor at its checksum. */
  skipsDumpChecks: boolean;
  /** Scripts may call what is not for scripts. */
  allowsDeniedScripts: boolean;
}

/** Calls a task off that has not run yet. */
export type CancelTask = () => void;

export interface NodeClock {
  /**
   * Unix time in µs, with what fraction the clock has. It goes back only when the system's clock is
   * set back.
   */
  wallMicros(): number;
  /** Run a task once, after so many ms, unless it is called off. */
  later(delayMs: number, task: () => void): CancelTask;
  /** Stop this node's thread for so long. Other actors go on. */
  sleep(ms: number): void;
}

export type LogLevel = 'debug' | 'verbose' | 'notice' | 'warning';

export interface NodeLog {
  write(level: LogLevel, text: string): void;
}

/** The configuration's file, for CONFIG REWRITE. */
export interface ConfigFile {
  /** @returns its text (latin1), or null when the node has none. */
  read(): string | null;
  /** Replace it atomically. @throws when the disk refuses. */
  write(text: string): void;
}

/** The machine and process around the node. */
export interface HostFacts {
  /** `Linux 6.1.0 x86_64`. */
  readonly os: string;
  readonly archBits: number;
  readonly processId: number;
  readonly executable: string;
  /** '': the node was started without a file. */
  readonly configFile: string;
  readonly totalMemoryBytes: number;
  residentBytes(): number;
  /** Hexadecimal digits that cannot be guessed. */
  randomHex(digits: number): string;
  /** Seconds of CPU time. */
  cpu(): { readonly systemSeconds: number; readonly userSeconds: number };
}

/** The node as something that was started. */
export interface NodeProcess {
  readonly facts: HostFacts;
  /** 40 hexadecimal digits, new at each start. */
  readonly runId: string;
  /** The TCP port the node listens on; 0: none. */
  port(): number;
}

/** A function of a library, for FUNCTION LIST. */
interface ScriptedFunction {
  readonly name: string;
  readonly description: Buffer | null;
  readonly flags: Iterable<string>;
}

interface ScriptedLibrary {
  readonly name: string;
  readonly code: Buffer;
  readonly functions: readonly ScriptedFunction[];
}

/** Lua: EVAL's scripts, and libraries of functions. */
export interface Scripting {
  /** EVAL and its like. @param how - `isSha`: the script is named by its SHA-1. */
  evaluate(
    client: CommandClient,
    args: readonly Buffer[],
    how: { readonly isSha: boolean; readonly isReadOnly: boolean },
  ): RawReply | Blocked;
  /** FCALL and FCALL_RO. */
  callFunction(
    client: CommandClient,
    args: readonly Buffer[],
    how: { readonly isReadOnly: boolean },
  ): RawReply | Blocked;
  /** SCRIPT LOAD. @returns the script's SHA-1. @throws ReplyError */
  loadScript(body: Buffer): string;
  hasScript(sha: string): boolean;
  flushScripts(): void;
  /** SCRIPT KILL, FUNCTION KILL. @throws ReplyError: there is none, or it must not be ended. */
  kill(kind: 'script' | 'function'): void;
  /** FUNCTION LOAD. @returns the library's name. @throws ReplyError */
  loadLibrary(code: Buffer, replaces: boolean): string;
  deleteLibrary(name: string): boolean;
  flushLibraries(): void;
  /** @throws ReplyError */
  restoreLibraries(codes: readonly Buffer[], policy: 'flush' | 'append' | 'replace'): void;
  libraries(): readonly ScriptedLibrary[];
  /** The script that others find this node busy with; null: none. */
  busyWith(): {
    readonly kind: 'script' | 'function';
    readonly name: string;
    readonly command: readonly Buffer[];
    readonly runsForMs: number;
  } | null;
  /** Of INFO. */
  sizes(): {
    readonly scripts: number;
    readonly libraries: number;
    readonly functions: number;
    /** Bytes of text. */
    readonly scriptBytes: number;
    readonly functionBytes: number;
    /** Bytes that Lua has taken. */
    readonly scriptStateBytes: number;
    readonly functionStateBytes: number;
  };
}

/** What is kept on disk; src/persistence implements it. */
export interface SavedData {
  /** SAVE. */
  save(): SaveAnswer;
  /**
   * BGSAVE.
   *
   * @param options - `schedule`: if it cannot be now, let it be as soon as it can. `isQueued`: EXEC
   * runs it, and the data must be those after all of its commands.
   */
  saveInBackground(options: { readonly schedule: boolean; readonly isQueued: boolean }): SaveAnswer;
  /** Unix seconds. */
  readonly lastSaveSeconds: number;
  /**
   * DEBUG RELOAD.
   *
   * @param saves - write the file before it is read.
   * @param empty - have the old data gone; called once the file is known to be usable.
   * @returns whether it is done; if not the log says why.
   */
  reload(saves: boolean, empty: () => void): boolean;
  /** FLUSHALL has emptied the keyspace. */
  onFlushAll(): void;
  /** @returns null, or why clients may not write: MISCONF. */
  whyNoWrites(): string | null;
  /** How far the load at the start is; null: it is over. */
  loading(): LoadProgress | null;
  /** The fields `rdb_…` of INFO's section persistence. */
  info(): readonly (readonly [string, string | number])[];
  /** CONFIG RESETSTAT. */
  resetCounts(): void;
}

type SaveAnswer =
  | { readonly state: 'ok'; readonly text: string }
  | { readonly state: 'refused'; readonly text: string };

interface LoadProgress {
  readonly startedAtSeconds: number;
  readonly totalBytes: number;
  readonly loadedBytes: number;
}

/** How the node ends; src/persistence implements it. */
export interface NodeEnd {
  /**
   * @param words - of SHUTDOWN, lower case. @returns a promise that is kept if the node goes on:
   * the error.
   */
  request(words: readonly string[]): Promise<string>;
  /** @returns false: there was nothing to call off. */
  abort(): boolean;
  /** Ms that replicas still have; null: no end is under way. */
  remainingMs(): number | null;
}
