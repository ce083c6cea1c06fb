/**
 * How a node ends: it lets its replicas catch up first, then saves, and goes on if that cannot be
 * done.
 *
 * A signal is looked at in the next turn of the cron, so that it can still be called off; a command
 * is not. Writes are held meanwhile: what is not written cannot be missing on a replica.
 *
 * @see redis/redis 7.0.15 src/server.c, prepareForShutdown(), finishShutdown(),
 * sigShutdownHandler()
 */
import type { Clock, Millis } from '../base/time.js';
import type { LogLevel } from './environment.js';

interface ShutdownOptions {
  /** Whether to save; null: where there are save points. */
  readonly save: boolean | null;
  /** Do not wait for replicas. */
  readonly isNow: boolean;
  /** End even if the data cannot be saved. */
  readonly isForced: boolean;
}

/** @param words - of SHUTDOWN or `shutdown-on-sigterm`, lower case. */
function shutdownOptions(words: readonly string[]): ShutdownOptions {
  const save = words.includes('save') ? true : words.includes('nosave') ? false : null;
  return { save, isNow: words.includes('now'), isForced: words.includes('force') };
}

/** What is known of a replica at the end. */
export interface ReplicaAtEnd {
  /** `127.0.0.1:7001` */
  readonly name: string;
  readonly bytesBehind: number;
  /** Seconds since it was last heard of; 0: it is not online. */
  readonly lagSeconds: number;
  readonly state: 'wait_bgsave' | 'send_bulk' | 'online';
}

export interface ShutdownParts {
  readonly clock: Clock;
  /** `shutdown-timeout`. */
  timeoutSeconds(): number;
  readonly saves: {
    readonly hasSavePoints: boolean;
    /** In the background. */
    readonly isSaving: boolean;
    /** Give that up. */
    abandon(): void;
    /** @returns whether the data are saved. */
    saveAtEnd(): boolean;
    /**
     * Null: the data are not being read from the disk; saving them would put half of them in their
     * place.
     */
    loading(): unknown;
  };
  /**
   * Have the append-only file on the disk.
   *
   * @returns false: without its first base it is worth nothing, and the node is not to end.
   */
  finishFile(isForced: boolean): boolean;
  replicas(): readonly ReplicaAtEnd[];
  /** Have replicas say how far they are. */
  requestAcks(): void;
  holdWrites(): void;
  resumeWrites(): void;
  log(level: LogLevel, text: string): void;
  /** There is something to do in the next turn of the cron, which else may be far off. */
  beatSoon(): void;
  /** End the node. */
  exit(): void;
  /** It goes on after all. */
  onCancelled(): void;
}

/** What those who asked are told when it came to nothing. */
const SHUTDOWN_FAILED = 'ERR Errors trying to SHUTDOWN. Check logs.';

export class Shutdown {
  readonly #parts: ShutdownParts;
  /** A signal has come, and the cron not yet. */
  #pending: ShutdownOptions | null = null;
  #current: { readonly options: ShutdownOptions; readonly deadlineAt: Millis } | null = null;
  readonly #waiting: ((error: string) => void)[] = [];

  constructor(parts: ShutdownParts) {
    this.#parts = parts;
  }

  /**
   * SHUTDOWN.
   *
   * @param words - after it, lower case.
   * @returns a promise that is kept only if the node goes on: the error to answer.
   */
  request(words: readonly string[]): Promise<string> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#begin(shutdownOptions(words));
      this.#parts.beatSoon();
    });
  }

  /**
   * Those who run the node end it, whatever becomes of its data: save what there is to be saved.
   *
   * @param isHalf - what is here is part of a full sync: what is on the disk is worth more.
   */
  finishAtStop(isHalf: boolean): void {
    const { saves } = this.#parts;
    this.#parts.finishFile(true);
    if (!isHalf && !this.#isLoading && saves.hasSavePoints) saves.saveAtEnd();
  }

  /** SIGINT or SIGTERM. @param words - what is configured for it. */
  onSignal(name: string, words: readonly string[]): void {
    this.#parts.log(
      'warning',
      this.#isLoading
        ? 'Received shutdown signal during loading, scheduling shutdown.'
        : `Received ${name} scheduling shutdown...`,
    );
    this.#pending = shutdownOptions(words);
    this.#parts.beatSoon();
  }

  /** SHUTDOWN ABORT. @returns false: there is none to call off. */
  abort(): boolean {
    if (this.#current === null && this.#pending === null) return false;
    this.#cancel();
    this.#parts.log('notice', 'Shutdown manually aborted.');
    return true;
  }

  /** Nothing has to be looked at. */
  get isIdle(): boolean {
    return this.#current === null && this.#pending === null;
  }

  /** Ms that replicas still have; null: no end is under way. */
  remainingMs(): Millis | null {
    if (this.#current === null) return null;
    return Math.round(this.#current.deadlineAt - this.#parts.clock.monotonicMs());
  }

  /** Ten times a second. */
  onCron(): void {
    if (this.#current !== null) {
      const isLate = this.#parts.clock.monotonicMs() >= this.#current.deadlineAt;
      if (isLate || this.#isReady()) this.#finish(this.#current.options);
    } else if (this.#pending !== null) this.#begin(this.#pending);
  }

  #begin(asked: ShutdownOptions): void {
    const parts = this.#parts;
    if (this.#current !== null) return; // It ends already, in the way that was asked for first.
    const options = this.#isLoading ? { ...asked, save: false } : asked;
    parts.log('warning', 'User requested shutdown...');
    const timeoutMs = parts.timeoutSeconds() * 1000;
    if (options.isNow || timeoutMs === 0 || this.#isReady()) {
      this.#finish(options);
      return;
    }
    this.#current = { options, deadlineAt: parts.clock.monotonicMs() + timeoutMs };
    parts.requestAcks();
    parts.holdWrites();
    parts.log('notice', 'Waiting for replicas before shutting down.');
  }

  get #isLoading(): boolean {
    return this.#parts.saves.loading() !== null;
  }

  #isReady(): boolean {
    return this.#parts.replicas().every(({ bytesBehind }) => bytesBehind === 0);
  }

  #finish({ save, isForced }: ShutdownOptions): void {
    const parts = this.#parts;
    this.#tellOfReplicas();
    if (parts.saves.isSaving) {
      parts.log('warning', 'There is a child saving an .rdb. Killing it!');
      parts.saves.abandon();
    }
    if (!parts.finishFile(isForced)) {
      this.#fail();
      return;
    }
    if (save ?? parts.saves.hasSavePoints) {
      parts.log('notice', 'Saving the final RDB snapshot before exiting.');
      const isSaved = parts.saves.saveAtEnd();
      if (!isSaved && !isForced) {
        parts.log('warning', "Error trying to save the DB, can't exit.");
        this.#fail();
        return;
      }
      if (!isSaved) parts.log('warning', 'Error trying to save the DB. Exit anyway.');
    }
    parts.log('warning', 'Redis is now ready to exit, bye bye...');
    parts.exit();
  }

  #tellOfReplicas(): void {
    const replicas = this.#parts.replicas();
    const lagging = replicas.filter(({ bytesBehind }) => bytesBehind !== 0);
    for (const { name, bytesBehind, lagSeconds, state } of lagging) {
      this.#parts.log(
        'warning',
        `Lagging replica ${name} reported offset ${bytesBehind} behind master, lag=${lagSeconds}, state=${state}.`,
      );
    }
    if (replicas.length === 0) return;
    const inSync = replicas.length - lagging.length;
    this.#parts.log(
      'notice',
      `${inSync} of ${replicas.length} replicas are in sync when shutting down.`,
    );
  }

  #fail(): void {
    this.#parts.log(
      'warning',
      'Errors trying to shut down the server. Check the logs for more information.',
    );
    this.#cancel();
  }

  #cancel(): void {
    this.#pending = null;
    if (this.#current !== null) this.#parts.resumeWrites();
    this.#current = null;
    for (const answer of this.#waiting.splice(0)) answer(SHUTDOWN_FAILED);
    this.#parts.onCancelled();
  }
}
