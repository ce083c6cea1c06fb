/**
 * Flow control: keeps a master from overwriting, in its ring, what a replica has still to read; by
 * the rules of flow-rules.ts.
 */
import type { Millis } from '../base/time.js';
import type { ReplicationEnvironment } from './environment.js';
import { type FlowDecision, decideFlow, judgeLag } from './flow-rules.js';
import type { ReplicaRecord } from './replica-record.js';

/** The ring is never smaller than this, however small the backlog that is promised. */
export const MIN_RING_BYTES = 1024 * 1024;
/** Writers that are held ask again after this long. */
const HOLD_MS: Millis = 1;
/** What an output limit of 0 (none) comes to: half of what a core can address. */
const UNLIMITED_BYTES = 2 ** 31;
/** Reads from a socket come in pieces no larger than this. */
const FREE_BATCH_BYTES = 64 * 1024;

/** Of a larger ring that is copied ahead: with each batch, and for each byte written since. */
const AHEAD_BYTES = 128 * 1024;
const AHEAD_FACTOR = 4;

export interface FlowOwner {
  /** The replica that will be overtaken first, and the last byte it needs not read any more. */
  slowest(): { readonly record: ReplicaRecord; readonly cursor: number } | null;
  /** @param why - in what respect it cannot keep up. */
  drop(record: ReplicaRecord, why: string): void;
}

export class FlowControl {
  readonly #env: ReplicationEnvironment;
  readonly #owner: FlowOwner;
  /** Batches may be executed without a look at the replicas while the head is below this. */
  #freeUntil = -1;
  /** The head when the larger ring was last copied to; null: none is. */
  #grownAt: number | null = null;
  /** Since when writers are held; null: they are not. Monotonic. */
  #heldSince: Millis | null = null;

  constructor(env: ReplicationEnvironment, owner: FlowOwner) {
    this.#env = env;
    this.#owner = owner;
  }

  /** The replicas, or what they read, have changed. */
  reconsider(): void {
    this.#freeUntil = -1;
  }

  /**
   * To be asked before a batch of client input is executed.
   *
   * @returns 0: execute it; else ms after which to ask again, executing nothing until then.
   */
  holdFor(batchBytes: number): Millis {
    const { core } = this.#env;
    // The common case: one comparison. `#freeUntil` is for batches of any size up to a socket read.
    if (core.head() < this.#freeUntil && batchBytes <= FREE_BATCH_BYTES) return 0;
    for (;;) {
      const decision = this.#decide(Math.max(batchBytes, FREE_BATCH_BYTES));
      if (decision.state === 'hold') {
        this.#heldSince ??= this.#env.clock.monotonicMs();
        return HOLD_MS;
      }
      if (decision.state === 'go') {
        this.#heldSince = null;
        const isGrowing = decision.ahead !== null && this.#growAhead(decision.ahead);
        this.#freeUntil = isGrowing ? -1 : decision.until;
        return 0;
      }
      // Where memory does not allow it, no client is held for what cannot come.
      if (decision.state === 'grow' && core.resizeRing(decision.ringBytes)) {
        this.#grownAt = null;
        continue;
      }
      const slowest = this.#owner.slowest();
      if (slowest === null) return 0;
      this.#owner.drop(slowest.record, this.#tooFar(slowest.cursor));
      this.#heldSince = null;
    }
  }

  /**
   * Drop those that are further behind than the hard limit allows, or have been further behind than
   * the soft one for longer than it allows.
   */
  dropOverdue(records: Iterable<ReplicaRecord>, now: Millis): void {
    const { core, config } = this.#env;
    for (const record of records) {
      const { session, stage } = record;
      if (stage === 'wait-snapshot' || !session.isRemote) continue;
      const cursor = session.ringCursor(record.offset);
      const verdict = judgeLag(
        core.head() - cursor,
        config.replicaBufferLimit,
        config.replBacklogBytes,
        record.overSoftLimitSince,
        now,
      );
      record.overSoftLimitSince = verdict.overSoftLimitSince;
      if (verdict.isOver) this.#owner.drop(record, this.#tooFar(cursor));
    }
  }

  /** Give the ring the size that is configured, once no replica needs more. */
  fitRing(): void {
    const { core, config } = this.#env;
    const wantedBytes = Math.max(config.replBacklogBytes, MIN_RING_BYTES);
    if (core.ringSize < wantedBytes) core.resizeRing(wantedBytes);
    if (core.ringSize <= wantedBytes && this.#grownAt === null) return;
    const slowest = this.#owner.slowest();
    const behind = slowest === null ? 0 : core.head() - slowest.cursor;
    if (behind * 2 > wantedBytes) return;
    this.#grownAt = null;
    if (core.ringSize > wantedBytes) core.resizeRing(wantedBytes);
    else core.growRing(wantedBytes, 0); // What was begun is given up.
    this.#freeUntil = -1;
  }

  /**
   * Copy a larger ring ahead, faster than this one fills up.
   *
   * @returns whether there is more to copy.
   */
  #growAhead(ringBytes: number): boolean {
    const { core } = this.#env;
    const head = core.head();
    const written = this.#grownAt === null ? 0 : head - this.#grownAt;
    const left = core.growRing(ringBytes, AHEAD_BYTES + AHEAD_FACTOR * written);
    this.#grownAt = left > 0 ? head : null;
    return left > 0;
  }

  /** What to raise, for whoever reads the log. */
  #tooFar(cursor: number): string {
    const { core, config } = this.#env;
    const { hardBytes, softBytes, softSeconds } = config.replicaBufferLimit;
    const held =
      this.#heldSince === null ? '' : ` after ${config.flowControlTimeoutMs} ms of throttling`;
    return `cannot keep up with the stream: ${core.head() - cursor} bytes behind${held} (client-output-buffer-limit replica ${hardBytes} ${softBytes} ${softSeconds})`;
  }

  #decide(batchBytes: number): FlowDecision {
    const { core, config, clock } = this.#env;
    const slowest = this.#owner.slowest();
    const suits = slowest?.record.session.flowControl ?? 'throttle';
    return decideFlow({
      head: core.head(),
      batchBytes,
      ringBytes: core.ringSize,
      slowest: slowest && {
        offset: slowest.cursor,
        isOnline: slowest.record.stage === 'online',
      },
      policy: config.flowControl === 'auto' ? suits : config.flowControl,
      heldMs: this.#heldSince === null ? 0 : clock.monotonicMs() - this.#heldSince,
      timeoutMs: config.flowControlTimeoutMs,
      limitBytes: config.replicaBufferLimit.hardBytes || UNLIMITED_BYTES,
    });
  }
}
