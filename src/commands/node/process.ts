/** The node's process: its clock, its log, its files, its end. */

/** What DEBUG turns on and off. */
export interface DebugSwitches {
  /** Keys whose time has come are deleted although no command names them. */
  activeExpire: boolean;
  /** What is done ten times a second is left undone. */
  pausesCron: boolean;
  /** RESTORE looks neither at its payload's version nor at its checksum. */
  skipsDumpChecks: boolean;
  /** So long does the node stand still before it writes into the append-only file. */
  aofFlushSleepMicros: number;
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
