/**
 * A node's replicas: who they are, how far they are, and what they are owed.
 *
 * The stream reaches those in the process by itself, they read it from this node's ring; to the
 * others their sessions send it from there. What remains is to answer their PSYNC, send snapshots,
 * tell them that something was published, and know their offsets: what can be seen of them, or else
 * what they have acknowledged. That a replica lives and still follows *this* node is another
 * matter; it says so in an acknowledgement once a second.
 *
 * A replica may have replicas: nothing here asks whether this node is itself a master.
 */
import type { RingOwner } from '../backlog/ring-owner.js';
import { joinHostPort } from '../base/host-port.js';
import type { Millis } from '../base/time.js';
import type { ReplicationEnvironment } from './environment.js';
import { FlowControl } from './flow-control.js';
import { countGoodReplicas } from './min-replicas.js';
import { backlogWindow, decidePsync, type PsyncRequest } from './psync.js';
import { timeoutText } from './log-lines.js';
import { type ReplicaRecord, nameOf } from './replica-record.js';
import type { ReplicaSession, ReplicaSessionOwner, StreamAnswer } from './replica-session.js';
import { isSilent } from './replica-silence.js';
import type { ReplicationIds } from './replication-id.js';
import { isSnapshotDue } from './snapshot/snapshot-rules.js';
import { SlowReplicas } from './slow-replicas.js';
import { SnapshotSender } from './snapshot/snapshot-sender.js';

/** What the feed must know of the node at the moment of a PSYNC. */
export interface FeedSource {
  ids(): ReplicationIds;
  /** Why no replica can be served now, as Redis words it; null: it can. */
  whyNot(): string | null;
  isMaster(): boolean;
}

/** Resyncs since the start, as INFO stats counts them. */
export interface SyncCounters {
  full: number;
  partialOk: number;
  partialErr: number;
  /** Bytes of stream and snapshots that replicas are known to have got. */
  outputBytes: number;
}

const NO_SYNCS: SyncCounters = { full: 0, partialOk: 0, partialErr: 0, outputBytes: 0 };

export class ReplicaFeed implements ReplicaSessionOwner {
  #counts: SyncCounters = { ...NO_SYNCS };
  readonly #env: ReplicationEnvironment;
  readonly #owner: RingOwner;
  readonly #source: FeedSource;
  readonly #sender: SnapshotSender;
  readonly #flow: FlowControl;
  readonly #slow = new SlowReplicas();
  /** In the order of arrival, which is the order of INFO. */
  readonly #records = new Map<ReplicaSession, ReplicaRecord>();
  #remoteOnline = 0;
  #onChange: () => void = () => {};

  constructor(env: ReplicationEnvironment, owner: RingOwner, source: FeedSource) {
    this.#env = env;
    this.#owner = owner;
    this.#source = source;
    this.#sender = new SnapshotSender(env, {
      onSent: (record) => {
        // One that asks for nothing more than the snapshot is online with its last byte.
        if (record.stage === 'sending') record.stage = 'loading';
        this.#counts.outputBytes += record.sentBytes;
      },
      onFailed: (record, reason) => this.#drop(record, reason),
      onIdle: () => this.#startSnapshot(),
    });
    this.#flow = new FlowControl(env, {
      slowest: () => this.#slowest(),
      drop: (record, why) => this.#dropSlow(record, why),
    });
  }

  /** Called when a replica comes, goes, or is known to be further. */
  set onChange(callback: () => void) {
    this.#onChange = callback;
  }

  get size(): number {
    return this.#records.size;
  }

  /** Whether no replica waits for a snapshot or is sent one. */
  get isSettled(): boolean {
    return [...this.#records.values()].every(({ stage }) => stage === 'online');
  }

  counts(): SyncCounters {
    for (const record of this.#records.values()) this.#look(record);
    return { ...this.#counts };
  }

  /** CONFIG RESETSTAT. */
  resetCounts(): void {
    this.counts(); // What was read until now belongs to the time before.
    this.#counts = { ...NO_SYNCS };
  }

  /** All records, offsets as fresh as they can be had. */
  records(): ReplicaRecord[] {
    const records = [...this.#records.values()];
    for (const record of records) this.#look(record);
    return records;
  }

  /** INFO's lines about replicas that are refused, or were. @param now - monotonic ms. */
  slowInfo(now: Millis): (readonly [string, string])[] {
    return this.#slow.info(now);
  }

  /** Offsets of the replicas online. */
  offsets(): number[] {
    return this.records()
      .filter(({ stage }) => stage === 'online')
      .map(({ offset }) => offset);
  }

  /** The last byte that the slowest replica needs not read any more; null: there is none. */
  keptFrom(): number | null {
    return this.#slowest()?.cursor ?? null;
  }

  /** Of those online, the ones heard of within so many seconds. @param now - Unix ms. */
  countGood(maxLagSeconds: number, now: Millis): number {
    const health = this.records().map(({ stage, ackedAt }) => ({
      isOnline: stage === 'online',
      ackedAt,
    }));
    return countGoodReplicas(health, maxLagSeconds, now);
  }

  /** @see FlowControl.holdFor */
  holdFor(batchBytes: number): Millis {
    return this.#flow.holdFor(batchBytes);
  }

  /** Let go of all: they must PSYNC again, under the node's new id. */
  dropAll(reason: string): void {
    for (const record of this.#records.values()) this.#drop(record, reason);
  }

  /** Whether a replica has to be sent what is published. */
  get hasRemote(): boolean {
    return this.#remoteOnline > 0;
  }

  /** Tell all that something was published; to be called after each batch. */
  wake(): void {
    this.#owner.takeParked((index) => this.#env.peerByIndex(index)?.wire.send({ type: 'wake' }));
    if (this.#remoteOnline === 0) return;
    for (const record of this.#records.values()) {
      if (record.stage === 'online') record.session.wake();
    }
  }

  /** Once a cron turn. @param now - monotonic ms. */
  onCron(now: Millis): void {
    const timeoutMs = this.#env.config.replTimeoutSeconds * 1000;
    this.#slow.onCron(this.#env.core.head(), now);
    for (const record of this.#records.values()) {
      this.#look(record);
      this.#noteWhole(record, now);
      if (record.session.isGone()) this.#remove(record);
      else if (record.stage === 'wait-snapshot') record.session.keepAlive(now);
      else if (isSilent(record, timeoutMs, now))
        this.#drop(record, timeoutText(record.stage === 'online'));
    }
    this.#startSnapshot();
    this.#flow.dropOverdue(this.#records.values(), now);
    this.#flow.fitRing();
  }

  // ── What sessions tell ────────────────────────────────────────────────────────────────────────

  onRequest(session: ReplicaSession, request: PsyncRequest): string | null {
    const whyNot = this.#source.whyNot();
    if (whyNot !== null) return whyNot;
    const { core, clock, config } = this.#env;
    const ids = this.#source.ids();
    const window = backlogWindow(
      core.histStart,
      core.head(),
      config.replBacklogBytes,
      this.keptFrom(),
    );
    const decision = decidePsync(request, ids, window);
    if (decision.state === 'full') {
      const isSlow = this.#slow.whyNot(session, config, core.head(), clock.monotonicMs());
      if (isSlow !== null) return isSlow; // Once a second: the log has it from when it was dropped.
    }
    this.#log(`Replica ${joinHostPort(session.host, session.port)} asks for synchronization`);
    const record: ReplicaRecord = {
      session,
      stage: 'wait-snapshot',
      offset: request.offset - 1,
      ackedAt: clock.wallMs(),
      heardAt: clock.monotonicMs(),
      leftBytes: 0,
      wholeAt: clock.monotonicMs(),
      wholeLeftBytes: 0,
      requestedAt: clock.monotonicMs(),
      overSoftLimitSince: null,
      sentBytes: 0,
    };
    this.#records.set(session, record);
    this.#flow.reconsider();

    if (decision.state === 'continue') {
      const missing = core.head() - record.offset;
      this.#log(
        `Partial resynchronization request from ${nameOf(record)} accepted. Sending ${missing} bytes of backlog starting from offset ${request.offset}.`,
      );
      this.#counts.partialOk += 1;
      session.continue(this.#answer(), record.offset);
      this.#putOnline(record);
      return null;
    }
    const { reason } = decision;
    if (reason === 'requested') this.#log(`Full resync requested by replica ${nameOf(record)}`);
    if (reason !== 'requested') {
      this.#counts.partialErr += 1;
      this.#env.onEvent({ type: 'psync-refused', replica: nameOf(record), reason });
    }
    this.#counts.full += 1;
    // In a turn of its own: replicas that ask in the same turn share the snapshot.
    this.#env.soon(() => this.#startSnapshot());
    return null;
  }

  onHeard(session: ReplicaSession): boolean {
    const record = this.#records.get(session);
    if (record === undefined) return false;
    record.heardAt = this.#env.clock.monotonicMs();
    return true;
  }

  onReady(session: ReplicaSession, returned: number | null): void {
    this.#sender.onReady(session, returned);
  }

  onLoaded(session: ReplicaSession): void {
    const record = this.#records.get(session);
    if (record === undefined || record.stage === 'online') return;
    this.#sender.onLoaded(session);
    this.#putOnline(record);
  }

  onAck(session: ReplicaSession, offset: number): void {
    const record = this.#records.get(session);
    if (record === undefined) return;
    record.ackedAt = this.#env.clock.wallMs();
    // Whatever it claims, it has no more than there is.
    this.#advance(record, Math.min(offset, this.#env.core.head()));
    this.#onChange();
  }

  onFailed(session: ReplicaSession, reason: string): void {
    const record = this.#records.get(session);
    if (record !== undefined) this.#drop(record, reason);
  }

  onGone(session: ReplicaSession): void {
    const record = this.#records.get(session);
    if (record !== undefined) this.#remove(record);
  }

  // ── Snapshots, offsets, ends ──────────────────────────────────────────────────────────────────

  #startSnapshot(): void {
    if (this.#sender.isActive || this.#source.whyNot() !== null) return;
    const waiting = [...this.#records.values()].filter(({ stage }) => stage === 'wait-snapshot');
    const { config, clock } = this.#env;
    const delay = {
      delayMs: config.disklessSyncDelaySeconds * 1000,
      enough: config.disklessSyncMaxReplicas,
    };
    const views = waiting.map(({ session: { isRemote, isSpooled }, requestedAt }) => ({
      isRemote,
      isSpooled,
      since: requestedAt,
    }));
    if (!isSnapshotDue(views, delay, clock.monotonicMs())) return;
    if (this.#env.snapshotTurn.isTaken) return; // It is said when it is free.
    const isDisk = waiting.every(({ session }) => session.isSpooled);
    const target = isDisk ? 'disk' : 'replicas sockets';
    this.#log(`Starting BGSAVE for SYNC with target: ${target}`);
    this.#sender.start(waiting, this.#answer(), this.#source.isMaster());
    const what = isDisk ? 'Background saving' : 'Background RDB transfer';
    this.#log(`${what} started by pid ${this.#env.processId}`);
    this.#flow.reconsider();
  }

  #answer(): StreamAnswer {
    return { replid: this.#source.ids().replid, history: this.#owner.history() };
  }

  #putOnline(record: ReplicaRecord): void {
    record.stage = 'online';
    if (record.session.isRemote) this.#remoteOnline += 1;
    record.ackedAt = this.#env.clock.wallMs();
    record.heardAt = this.#env.clock.monotonicMs();
    this.#flow.reconsider();
    const { offset } = record;
    this.#env.onEvent({ type: 'replica-online', replica: nameOf(record), offset });
    this.#onChange();
  }

  /** See how far a replica is, if that can be seen. */
  #look(record: ReplicaRecord): void {
    if (record.stage !== 'online') return;
    const seen = record.session.seenOffset();
    if (seen !== null) this.#advance(record, seen);
  }

  #advance(record: ReplicaRecord, offset: number): void {
    if (offset <= record.offset) return;
    if (record.stage === 'online') this.#counts.outputBytes += offset - record.offset;
    record.offset = offset;
  }

  /**
   * Who reads furthest behind; a replica beyond a partition is the network's loss, not held for.
   */
  #slowest(): { readonly record: ReplicaRecord; readonly cursor: number } | null {
    let slowest: { record: ReplicaRecord; cursor: number } | null = null;
    for (const record of this.#records.values()) {
      if (record.stage === 'wait-snapshot' || record.session.isCut()) continue;
      this.#look(record);
      const cursor = record.session.ringCursor(record.offset);
      if (slowest === null || cursor < slowest.cursor) slowest = { record, cursor };
    }
    return slowest;
  }

  /** What it takes is counted from when it last had all. */
  #noteWhole(record: ReplicaRecord, now: Millis): void {
    const { session, stage, offset } = record;
    if (!session.isRemote || session.isOwing || stage === 'wait-snapshot') return;
    if (stage === 'online' && session.ringCursor(offset) < this.#env.core.head()) return;
    record.wholeAt = now;
    record.wholeLeftBytes = session.leftBytes;
    if (stage === 'online') this.#slow.onWhole(session);
  }

  #dropSlow(record: ReplicaRecord, why: string): void {
    const { config, clock } = this.#env;
    const told = this.#slow.onDropped(record, config, clock.monotonicMs());
    this.#drop(record, why);
    if (told !== null) this.#env.onEvent({ type: 'log', level: 'warning', text: told });
  }

  #log(text: string): void {
    this.#env.onEvent({ type: 'log', level: 'notice', text });
  }

  #drop(record: ReplicaRecord, reason: string): void {
    this.#env.onEvent({ type: 'replica-dropped', replica: nameOf(record), reason });
    record.session.refuse(`ERR ${reason}`);
    this.#remove(record);
  }

  #remove(record: ReplicaRecord): void {
    if (!this.#records.delete(record.session)) return;
    if (record.stage === 'online' && record.session.isRemote) this.#remoteOnline -= 1;
    this.#sender.remove(record.session);
    this.#flow.reconsider();
    this.#onChange();
  }
}
