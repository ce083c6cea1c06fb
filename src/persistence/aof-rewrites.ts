/**
 * Writing an append-only file anew: a base of all data, made in slices between commands, one at a
 * time; and what is known of those there were.
 *
 * What becomes of the files is the owner's (append-only.ts): before the data of the moment are
 * taken, once the base is whole, and when it is over, however that came about.
 *
 * @see redis/redis 7.0.15 src/aof.c, rewriteAppendOnlyFileBackground(),
 * backgroundRewriteDoneHandler()
 */
import { RingleaderError } from '../base/errors.js';
import type { SnapshotHolder, SnapshotTurn } from '../core/snapshot-turn.js';
import { type BaseParts, BaseWriting, writeBaseNow } from './aof-base.js';
import type { RewriteCounts } from './aof-info.js';
import { DiskError } from './disk.js';
import type { LogLevel } from './environment.js';
import { RewriteLimit } from './rewrite-rules.js';

export interface RewritesOwner {
  readonly turn: SnapshotTurn;
  readonly processId: number;
  readonly log: (level: LogLevel, text: string) => void;
  nowSeconds(): number;
  /** Where the base goes, and how it is made. */
  readonly temporaryBase: () => string;
  base(): BaseParts;
  /**
   * From here on the stream is in another increment than what the base will hold. @throws DiskError
   */
  prepare(): void;
  /** The base is whole. @throws DiskError: all stays as it was. */
  conclude(): void;
  onEnd(): void;
  /** Another save could not wait: a rewrite has been given up for it. */
  onSeized(): void;
}

interface Rewrite {
  readonly writing: BaseWriting;
  readonly startedAtSeconds: number;
}

/** A rewrite that cannot be interrupted: it is over before another could want the turn. */
const UNINTERRUPTED: SnapshotHolder = { kind: 'aof', giveUp() {} };

export class AofRewrites {
  readonly counts: RewriteCounts = {
    lastTookSeconds: -1,
    lastFailed: false,
    failures: 0,
    begun: 0,
  };
  readonly #owner: RewritesOwner;
  readonly #limit = new RewriteLimit();
  #current: Rewrite | null = null;

  constructor(owner: RewritesOwner) {
    this.#owner = owner;
  }

  get isRunning(): boolean {
    return this.#current !== null;
  }

  /** For how long one has been under way; -1: none is. */
  get takesSeconds(): number {
    const current = this.#current;
    return current === null ? -1 : this.#owner.nowSeconds() - current.startedAtSeconds;
  }

  /** Whether failures on end put the next one off. */
  isLimited(): boolean {
    const owner = this.#owner;
    return this.#limit.isInForce(this.counts.failures, owner.nowSeconds(), (minutes) =>
      owner.log(
        'warning',
        `Background AOF rewrite has repeatedly failed and triggered the limit, will retry in ${minutes} minutes`,
      ),
    );
  }

  /** @returns whether one has begun. */
  begin(): boolean {
    const owner = this.#owner;
    const holder: SnapshotHolder = {
      kind: 'aof',
      giveUp: () => {
        this.abandon();
        owner.onSeized();
      },
    };
    if (!owner.turn.take(holder)) return false;
    try {
      owner.prepare();
    } catch (error) {
      owner.turn.giveBack(holder);
      if (!(error instanceof DiskError)) throw error;
      owner.log('warning', `Can't begin a new AOF incr file: ${error.message}`);
      this.counts.lastFailed = true;
      return false;
    }
    this.counts.begun += 1;
    const writing = new BaseWriting(owner.base(), owner.temporaryBase(), () =>
      owner.turn.giveBack(holder),
    );
    const rewrite = { writing, startedAtSeconds: owner.nowSeconds() };
    this.#current = rewrite;
    owner.log('notice', `Background append only file rewriting started by pid ${owner.processId}`);
    void this.#run(rewrite);
    return true;
  }

  abandon(): void {
    const rewrite = this.#current;
    if (rewrite === null) return;
    const { log, processId } = this.#owner;
    log('notice', `Killing running AOF rewrite child: ${processId}`);
    rewrite.writing.abandon();
    this.#end(rewrite);
  }

  /**
   * All data at once, holding all else up. @throws DiskError. @throws RingleaderError OUT_OF_MEMORY
   */
  writeBaseNow(): void {
    const { turn } = this.#owner;
    turn.seize(UNINTERRUPTED, 'the append-only file is being written');
    try {
      writeBaseNow(this.#owner.base(), this.#owner.temporaryBase());
    } finally {
      turn.giveBack(UNINTERRUPTED);
    }
  }

  async #run(rewrite: Rewrite): Promise<void> {
    const { log } = this.#owner;
    let isFailure = false;
    try {
      const isWhole = await rewrite.writing.run();
      if (this.#current !== rewrite) return; // Abandoned: another may be under way.
      if (isWhole) this.#conclude();
    } catch (error) {
      if (!(error instanceof DiskError) && !(error instanceof RingleaderError)) throw error;
      if (this.#current !== rewrite) return;
      log('warning', `Write error writing append only file on disk: ${error.message}`);
      isFailure = true;
    }
    if (isFailure) {
      log('warning', 'Background AOF rewrite terminated with error');
      this.counts.lastFailed = true;
      this.counts.failures += 1;
    }
    this.#end(rewrite);
  }

  #conclude(): void {
    const { log } = this.#owner;
    log('notice', 'Background AOF rewrite terminated with success');
    this.#owner.conclude();
    this.counts.lastFailed = false;
    this.counts.failures = 0;
    log('notice', 'Background AOF rewrite finished successfully');
  }

  #end({ startedAtSeconds }: Rewrite): void {
    this.#current = null;
    this.counts.lastTookSeconds = this.#owner.nowSeconds() - startedAtSeconds;
    this.#owner.onEnd();
  }
}
