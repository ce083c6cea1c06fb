/**
 * A node's replicas: who they are, how far they are, and what they are owed.
 *
 * The stream reaches them by itself, they read it from this node's ring. What remains is to answer
 * their PSYNC, send snapshots, wake those that are parked, and know their offsets: those are read
 * from the replicas' own memory, where each one's head says what it has applied, unless a partition
 * stands between, when what was known last holds. That a replica lives and still follows *this*
 * node is another matter; it says so in an ack once a second.
 *
 * A replica may have replicas: nothing here asks whether this node is itself a master.
 */
import { RingReader } from '../backlog/ring-reader.js';
import type { RingOwner } from '../backlog/ring-owner.js';
import type { Millis } from '../base/time.js';
import type { ReplicationEnvironment, ReplicationPeer } from './environment.js';
import { type FlowDecision, decideFlow } from './flow-control.js';
import type { ReplicaFrame } from './frames.js';
import { backlogWindow, decidePsync } from './psync.js';
import { type ReplicaRecord, nameOf } from './replica-record.js';
import type { ReplicationIds } from './replication-id.js';
import { type SnapshotMoment, SnapshotSender } from './snapshot-sender.js';

/** What the feed must know of the node at the moment of a PSYNC. */
export interface FeedSource {
  ids(): ReplicationIds;
  /** Why no replica can be served now, as Redis words it; null: it can. */
  whyNot(): string | null;
  isTop(): boolean;
}

/** Resyncs since the start, as INFO stats counts them. */
export interface SyncCounters {
  full: number;
  partialOk: number;
  partialErr: number;
  /** Bytes of stream and snapshots that replicas are known to have got. */
  outputBytes: number;
}

/** The ring is never smaller than this, however small the backlog that is promised. */
export const MIN_RING_BYTES = 1024 * 1024;
/** Writers that are held ask again after this long. */
const HOLD_MS: Millis = 1;

export class ReplicaFeed {
  readonly #counts: SyncCounters = { full: 0, partialOk: 0, partialErr: 0, outputBytes: 0 };
  readonly #env: ReplicationEnvironment;
  readonly #owner: RingOwner;
  readonly #source: FeedSource;
  readonly #sender: SnapshotSender;
  /** In the order of arrival, which is the order of INFO. By the peer's index. */
  readonly #records = new Map<number, ReplicaRecord>();
  /** Batches may be executed without a look at the replicas while the head is below this. */
  #freeUntil = -1;
  /** Since when writers are held; null: they are not. Monotonic. */
  #heldSince: Millis | null = null;
  #onChange: () => void = () => {};

  constructor(env: ReplicationEnvironment, owner: RingOwner, source: FeedSource) {
    this.#env = env;
    this.#owner = owner;
    this.#source = source;
    this.#sender = new SnapshotSender(
      env,
      (record) => {
        record.stage = 'loading';
        this.#counts.outputBytes += record.sentBytes;
      },
      (record) => this.#drop(record, 'out of memory for a snapshot'),
      () => this.#startSnapshot(),
    );
  }

  /** Called when a replica comes, goes, or is known to be further. */
  set onChange(callback: () => void) {
    this.#onChange = callback;
  }

  get size(): number {
    return this.#records.size;
  }

  counts(): SyncCounters {
    for (const record of this.#records.values()) this.#look(record);
    return { ...this.#counts };
  }

  /** All records, offsets as fresh as they can be had. */
  records(): ReplicaRecord[] {
    const records = [...this.#records.values()];
    for (const record of records) this.#look(record);
    return records;
  }

  /** Offsets of the replicas online. */
  offsets(): number[] {
    return this.records()
      .filter(({ stage }) => stage === 'online')
      .map(({ offset }) => offset);
  }

  onFrame(peer: ReplicationPeer, frame: ReplicaFrame): void {
    if (frame.type === 'psync') {
      this.#onPsync(peer, frame);
      return;
    }
    const record = this.#records.get(peer.index);
    if (record === undefined || record.session !== frame.session) {
      // It thinks it is our replica, and is not: a drop that it has not heard of.
      if (frame.type === 'ack') refuse(peer, frame.session, 'ERR not a replica of this node');
      return;
    }
    record.heardAt = this.#env.clock.monotonicMs();
    switch (frame.type) {
      case 'credit':
        record.credit += 1;
        this.#sender.onCredit(record, frame.chunk);
        return;
      case 'online':
        this.#putOnline(record);
        return;
      case 'ack':
        record.ackedAt = this.#env.clock.wallMs();
        this.#advance(record, frame.offset);
        this.#onChange();
        return;
      case 'leave':
        this.#remove(record);
    }
  }

  /** A peer's thread has ended. */
  onPeerGone(peer: ReplicationPeer): void {
    const record = this.#records.get(peer.index);
    if (record !== undefined) this.#remove(record);
  }

  /** Let go of all: they must PSYNC again, under the node's new id. */
  dropAll(reason: string): void {
    for (const record of this.#records.values()) this.#drop(record, reason);
  }

  /** Wake the readers that sleep; to be called after each batch that was published. */
  wake(): void {
    this.#owner.takeParked((index) => this.#env.peerByIndex(index)?.wire.send({ type: 'wake' }));
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
      this.#heldSince = null;
      if (decision.state === 'go') {
        this.#freeUntil = decision.until;
        return 0;
      }
      // Where memory does not allow it, nobody is held for what cannot come.
      if (decision.state === 'grow' && core.resizeRing(decision.ringBytes)) continue;
      const laggard = this.#laggard();
      if (laggard === null) return 0;
      this.#drop(laggard, 'cannot keep up with the stream');
    }
  }

  /** Once a cron turn. @param now - monotonic ms. */
  onCron(now: Millis): void {
    const { config, core } = this.#env;
    const timeoutMs = config.replTimeoutSeconds * 1000;
    for (const record of this.#records.values()) {
      this.#look(record);
      if (record.peer.memory === null) this.#remove(record);
      else if (record.stage !== 'wait-snapshot' && now - record.heardAt > timeoutMs) {
        this.#drop(record, 'timeout');
      }
    }
    this.#startSnapshot();
    this.#shrinkRing(Math.max(config.replBacklogBytes, MIN_RING_BYTES));
    if (core.ringSize < Math.max(config.replBacklogBytes, MIN_RING_BYTES)) {
      core.resizeRing(Math.max(config.replBacklogBytes, MIN_RING_BYTES));
    }
  }

  #onPsync(peer: ReplicationPeer, frame: ReplicaFrame & { type: 'psync' }): void {
    const previous = this.#records.get(peer.index);
    if (previous !== undefined) this.#remove(previous);
    const { core, clock, config } = this.#env;
    const whyNot = this.#source.whyNot();
    if (whyNot !== null || peer.memory === null) {
      refuse(peer, frame.session, whyNot ?? 'ERR no memory');
      return;
    }
    const ids = this.#source.ids();
    const head = core.head();
    const window = backlogWindow(core.histStart, head, config.replBacklogBytes);
    const decision = decidePsync(frame, ids, window);
    const now = clock.monotonicMs();
    const record: ReplicaRecord = {
      peer,
      session: frame.session,
      port: frame.port,
      reader: new RingReader(peer.memory),
      stage: 'wait-snapshot',
      offset: frame.offset - 1,
      ackedAt: clock.wallMs(),
      heardAt: now,
      credit: 0,
      sentBytes: 0,
    };
    this.#records.set(peer.index, record);
    this.#freeUntil = -1;

    if (decision.state === 'continue') {
      this.#counts.partialOk += 1;
      record.peer.wire.send({
        type: 'continue',
        session: record.session,
        replid: ids.replid,
        history: this.#owner.history(),
        isTop: this.#source.isTop(),
      });
      this.#putOnline(record);
      return;
    }
    const { reason } = decision;
    if (reason !== 'requested') {
      this.#counts.partialErr += 1;
      this.#env.onEvent({ type: 'psync-refused', replica: nameOf(record), reason });
    }
    this.#counts.full += 1;
    // In a turn of its own: replicas that ask in the same turn share the snapshot.
    this.#env.soon(() => this.#startSnapshot());
  }

  #startSnapshot(): void {
    if (this.#sender.isActive || this.#source.whyNot() !== null) return;
    const waiting = [...this.#records.values()].filter(({ stage }) => stage === 'wait-snapshot');
    if (waiting.length === 0) return;
    const moment: SnapshotMoment = {
      replid: this.#source.ids().replid,
      history: this.#owner.history(),
      isTop: this.#source.isTop(),
    };
    this.#sender.start(waiting, moment);
    this.#freeUntil = -1;
  }

  #putOnline(record: ReplicaRecord): void {
    record.stage = 'online';
    record.ackedAt = this.#env.clock.wallMs();
    this.#freeUntil = -1;
    const { offset } = record;
    this.#env.onEvent({ type: 'replica-online', replica: nameOf(record), offset });
    this.#onChange();
  }

  /** Read a replica's offset from its memory, if nothing stands between. */
  #look(record: ReplicaRecord): void {
    if (record.stage !== 'online' || record.peer.wire.isCut()) return;
    // A replica that is about to take a full sync elsewhere may jump; ours are never beyond us.
    this.#advance(record, Math.min(record.reader.head(), this.#env.core.head()));
  }

  #advance(record: ReplicaRecord, offset: number): void {
    if (offset <= record.offset) return;
    if (record.stage === 'online') this.#counts.outputBytes += offset - record.offset;
    record.offset = offset;
  }

  #decide(batchBytes: number): FlowDecision {
    const { core, config, clock } = this.#env;
    const laggard = this.#laggard();
    return decideFlow({
      head: core.head(),
      batchBytes,
      ringBytes: core.ringSize,
      laggard: laggard && { offset: laggard.offset, isOnline: laggard.stage === 'online' },
      policy: config.flowControl,
      heldMs: this.#heldSince === null ? 0 : clock.monotonicMs() - this.#heldSince,
      timeoutMs: config.flowControlTimeoutMs,
      limitBytes: config.replicaBufferLimitBytes,
    });
  }

  /** Who is furthest behind; a replica beyond a partition is the network's loss, not held for. */
  #laggard(): ReplicaRecord | null {
    let laggard: ReplicaRecord | null = null;
    for (const record of this.#records.values()) {
      if (record.stage === 'wait-snapshot' || record.peer.wire.isCut()) continue;
      this.#look(record);
      if (laggard === null || record.offset < laggard.offset) laggard = record;
    }
    return laggard;
  }

  /** Give back what the ring grew by, once nobody needs it. */
  #shrinkRing(wantedBytes: number): void {
    const { core } = this.#env;
    if (core.ringSize <= wantedBytes) return;
    const laggard = this.#laggard();
    const behind = laggard === null ? 0 : core.head() - laggard.offset;
    if (behind * 2 > wantedBytes) return;
    core.resizeRing(wantedBytes);
    this.#freeUntil = -1;
  }

  #drop(record: ReplicaRecord, reason: string): void {
    this.#env.onEvent({ type: 'replica-dropped', replica: nameOf(record), reason });
    refuse(record.peer, record.session, `ERR ${reason}`);
    this.#remove(record);
  }

  #remove(record: ReplicaRecord): void {
    this.#records.delete(record.peer.index);
    this.#sender.remove(record);
    this.#freeUntil = -1;
    this.#onChange();
  }
}

/** Reads from a socket come in pieces no larger than this. */
const FREE_BATCH_BYTES = 64 * 1024;

function refuse(peer: ReplicationPeer, session: number, error: string): void {
  peer.wire.send({ type: 'refuse', session, error });
}
