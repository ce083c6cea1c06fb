/**
 * A replica's link to its master: handshake, full sync, and following the stream.
 *
 * The link remembers what it followed last: after every loss, and when it is pointed to another
 * master, it asks to continue from its own offset in its own history, and takes a full sync only if
 * that is refused. The master's ring is read until it is empty when the master's thread dies, and
 * once more before a promotion, so that nothing that was published is left behind.
 */
import { RingReader } from '../backlog/ring-reader.js';
import type { SharedMemory } from '../backlog/ring-reader.js';
import { assert } from '../base/assert.js';
import type { Millis } from '../base/time.js';
import type { DrainResult, ReplicationEnvironment, ReplicationPeer } from './environment.js';
import { type FollowEnd, type Followed, Follower } from './follower.js';
import type { MasterFrame } from './frames.js';
import { type GapSample, findGap } from './gap.js';
import { type LinkState, isLegalTransition, whyGiveUp } from './link-state.js';
import { type ReceiverState, SnapshotReceiver } from './snapshot-receiver.js';

/** What the link tells, and asks, the node. */
export interface LinkOwner {
  /** The history this node is in. */
  replid(): string;
  /** The master continues our history under this id. Returns once the node has taken it over. */
  onContinue(replid: string): void;
  /** A full sync begins: what this node has will be void, its own replicas cannot follow. */
  onFullSyncStart(): void;
  /** The keyspace is that of the master's history at `offset`. */
  onFullSyncEnd(replid: string, offset: number): void;
  /** Something was applied and published. */
  onApplied(): void;
}

/** The ring that is, or was last, followed. It can be read even when its owner is dead. */
interface Attachment {
  readonly peer: ReplicationPeer;
  readonly reader: RingReader;
  readonly memory: SharedMemory;
  readonly history: number;
  readonly isTop: boolean;
}

const ACK_PERIOD_MS: Millis = 1000;
const RETRY_MS: Millis = 1000;

export class ReplicaLink {
  readonly #env: ReplicationEnvironment;
  readonly #owner: LinkOwner;
  readonly #follower: Follower;
  #state: LinkState = 'none';
  #enteredAt: Millis = 0;
  #heardAt: Millis = 0;
  #master: { readonly host: string; readonly port: number } | null = null;
  #peer: ReplicationPeer | null = null;
  #session = 0;
  #attachment: Attachment | null = null;
  /** The history of a full sync under way, until it is ours. */
  #syncing: { readonly replid: string; readonly offset: number } | null = null;
  #receiver: SnapshotReceiver | null = null;
  /** Whether own id and offset name what this node holds. */
  #canContinue = true;
  #downSince: Millis | null = null;
  #retryAt: Millis = 0;
  #ackedAt: Millis = 0;
  #ackedOffset = -1;
  #sample: GapSample | null = null;
  #inputBytes = 0;

  constructor(env: ReplicationEnvironment, owner: LinkOwner) {
    this.#env = env;
    this.#owner = owner;
    this.#follower = new Follower(env, {
      followed: () => this.#followed(),
      onApplied: (followed, bytes) => this.#onApplied(followed, bytes),
      onEnd: (end) => this.#onEnd(end),
    });
  }

  get state(): LinkState {
    return this.#state;
  }

  get master(): { readonly host: string; readonly port: number } | null {
    return this.#master;
  }

  /** When the master last gave a sign; monotonic. */
  get heardAt(): Millis {
    return this.#heardAt;
  }

  /** Since when the link has been down; null: it is up, or never was. Monotonic. */
  get downSince(): Millis | null {
    return this.#downSince;
  }

  /** Whether the offset means anything: there is a history that this node is in. */
  get canContinue(): boolean {
    return this.#canContinue;
  }

  get isLoading(): boolean {
    return this.#receiver?.isLoading ?? false;
  }

  /** Bytes of stream and snapshots got since the start. */
  get inputBytes(): number {
    return this.#inputBytes;
  }

  /** Bytes of the snapshot under way that have arrived. */
  get syncReadBytes(): number {
    return this.#receiver?.readBytes ?? 0;
  }

  /** The memory of a master proper that this link follows or followed last; for the fence. */
  fenceableMemory(): SharedMemory | null {
    const attachment = this.#attachment;
    if (attachment === null || !attachment.isTop || attachment.peer.wire.isCut()) return null;
    return attachment.memory;
  }

  /**
   * Follow this master from now on.
   *
   * @param fromScratch - this node has no data yet, or they have parted from every other node's:
   * ask for everything.
   */
  follow(master: { readonly host: string; readonly port: number }, fromScratch: boolean): void {
    if (this.#state === 'connected') this.#downSince = this.#env.clock.monotonicMs();
    this.#leave();
    if (fromScratch) this.#canContinue = false;
    this.#master = master;
    this.#enter('connect');
    this.#connect();
  }

  /** Turn master: follow nobody. The stream's next bytes are this node's own. */
  stop(): void {
    this.#leave();
    this.#master = null;
    this.#attachment = null;
    this.#downSince = null;
    this.#canContinue = true;
    this.#enter('none');
  }

  /**
   * Apply all that the ring holds, at once.
   *
   * @returns whether the end was reached.
   */
  drain(): DrainResult {
    const attachment = this.#attachment;
    if (attachment === null || !this.#canContinue) return 'none';
    if (attachment.peer.wire.isCut()) return 'cut';
    for (;;) {
      const result = this.#follower.slice(attachment);
      switch (result) {
        case 'applied':
        case 'moved':
          continue;
        case 'empty':
          return 'complete';
        case 'lapped':
        case 'other-history':
          return 'lapped';
        case 'fenced':
          this.#env.core.unfence();
          continue;
        case 'corrupt':
        case 'out-of-memory':
          return 'broken';
      }
    }
  }

  onFrame(peer: ReplicationPeer, frame: MasterFrame): void {
    if (peer !== this.#peer) return;
    if (frame.type === 'wake') {
      this.#follower.schedule();
      return;
    }
    if (frame.session !== this.#session) return;
    this.#heardAt = this.#env.clock.monotonicMs();
    switch (frame.type) {
      case 'continue':
        if (this.#state === 'handshake') this.#onContinue(peer, frame);
        return;
      case 'full-resync':
        if (this.#state === 'handshake') this.#onFullResync(peer, frame);
        return;
      case 'snapshot':
        if (this.#state === 'sync') this.#onChunk(peer, frame);
        return;
      case 'refuse':
        this.#lose(frame.error, this.#state === 'connected' ? 0 : RETRY_MS);
    }
  }

  /** A node listens: if it is the master that this link waits for, there is no need to wait on. */
  onPeerUp(peer: ReplicationPeer): void {
    const master = this.#master;
    if (this.#state !== 'connect' || master === null) return;
    if (this.#env.peerAt(master.host, master.port) === peer) this.#connect();
  }

  /** The master's thread has ended. What it published is still there to be read. */
  onPeerGone(peer: ReplicationPeer): void {
    if (peer !== this.#peer) return;
    if (this.#state === 'connected') this.drain();
    this.#lose('the master is gone', RETRY_MS);
  }

  /** Once a cron turn. @param now - monotonic ms. */
  onCron(now: Millis): void {
    if (this.#state === 'none') return;
    if (this.#state === 'connect') {
      if (now >= this.#retryAt) this.#connect();
      return;
    }
    const peer = this.#peer;
    assert(peer !== null, 'a link under way has a peer');
    const isCut = peer.wire.isCut();
    // What was followed before the handshake says nothing about the master of now.
    const attachment = this.#state === 'handshake' ? null : this.#attachment;
    if (attachment !== null && peer.memory !== attachment.memory) {
      // It died and is back already: this is another node at the same place.
      this.onPeerGone(peer);
      return;
    }
    if (!isCut && attachment !== null && this.#isAlive(attachment)) this.#heardAt = now;
    const reason = whyGiveUp(
      { state: this.#state, enteredAt: this.#enteredAt, heardAt: this.#heardAt, isCut },
      now,
      this.#env.config.replTimeoutSeconds * 1000,
    );
    if (reason !== null) this.#lose(reason, 0);
    if (this.#state !== 'connected' || isCut) return;
    if (now - this.#ackedAt >= ACK_PERIOD_MS) this.#ack(now);
    if (attachment !== null) this.#healGap(attachment);
  }

  // ── Handshake ─────────────────────────────────────────────────────────────────────────────────

  #connect(): void {
    const master = this.#master;
    assert(master !== null, 'a link that connects has a master');
    const { clock, config, core } = this.#env;
    this.#retryAt = clock.monotonicMs() + RETRY_MS;
    const peer = this.#env.peerAt(master.host, master.port);
    if (peer === undefined || peer.memory === null || peer.index === this.#env.ownIndex) return;
    this.#session += 1;
    const at = this.#canContinue
      ? { replid: this.#owner.replid(), offset: core.head() + 1 }
      : { replid: '?', offset: -1 };
    const session = this.#session;
    const port = config.announcePort;
    if (peer.wire.send({ type: 'psync', session, ...at, port }) !== 'sent') return;
    this.#peer = peer;
    this.#enter('handshake');
  }

  #onContinue(peer: ReplicationPeer, frame: MasterFrame & { type: 'continue' }): void {
    if (!this.#attach(peer, frame)) return;
    this.#owner.onContinue(frame.replid);
    const offset = this.#env.core.head();
    this.#env.onEvent({ type: 'partial-resync', master: addressOf(peer), offset });
    this.#up(peer);
  }

  #onFullResync(peer: ReplicationPeer, frame: MasterFrame & { type: 'full-resync' }): void {
    if (!this.#attach(peer, frame)) return;
    this.#syncing = frame;
    const isEmpty = !this.#canContinue || this.#env.isEmpty();
    const { memory } = this.#attachment!;
    this.#receiver = new SnapshotReceiver(this.#env, memory, isEmpty);
    this.#enter('sync');
    this.#owner.onFullSyncStart();
    this.#env.onEvent({ type: 'full-resync', master: addressOf(peer), offset: frame.offset });
  }

  #attach(peer: ReplicationPeer, frame: { history: number; isTop: boolean }): boolean {
    if (peer.memory === null) return false;
    const { history, isTop } = frame;
    const reader = new RingReader(peer.memory);
    this.#attachment = { peer, reader, memory: peer.memory, history, isTop };
    this.#sample = null;
    return true;
  }

  #up(peer: ReplicationPeer): void {
    this.#enter('connected');
    this.#downSince = null;
    this.#canContinue = true;
    const { core } = this.#env;
    this.#env.onEvent({ type: 'link-up', master: addressOf(peer), offset: core.head() });
    this.#ack(this.#env.clock.monotonicMs());
    this.#follower.schedule();
  }

  // ── Full sync ─────────────────────────────────────────────────────────────────────────────────

  #onChunk(peer: ReplicationPeer, frame: MasterFrame & { type: 'snapshot' }): void {
    const receiver = this.#receiver;
    assert(receiver !== null, 'a link in sync receives');
    const { chunk, body, isLast } = frame;
    this.#inputBytes += body.length;
    this.#onReceiver(receiver, receiver.take(chunk, body, isLast));
    if (this.#receiver === receiver) {
      peer.wire.send({ type: 'credit', session: this.#session, chunk });
    }
  }

  #onReceiver(receiver: SnapshotReceiver, state: ReceiverState): void {
    // From here until the snapshot is loaded no offset describes the data.
    if (receiver.hasEmptied) this.#canContinue = false;
    switch (state.state) {
      case 'receiving':
        return;
      case 'loading':
        this.#env.soon(() => {
          if (this.#receiver === receiver) this.#onReceiver(receiver, receiver.step());
        });
        return;
      case 'loaded':
        this.#onLoaded(state.streamDb);
        return;
      case 'failed':
        this.#lose(state.reason, RETRY_MS);
    }
  }

  #onLoaded(streamDb: number): void {
    const peer = this.#peer;
    const syncing = this.#syncing;
    assert(peer !== null && syncing !== null, 'a loaded snapshot has an origin');
    this.#receiver = null;
    this.#syncing = null;
    this.#env.core.resetHistory(syncing.offset);
    this.#env.core.setStreamDb(streamDb);
    this.#owner.onFullSyncEnd(syncing.replid, syncing.offset);
    peer.wire.send({ type: 'online', session: this.#session });
    this.#up(peer);
  }

  // ── Following ─────────────────────────────────────────────────────────────────────────────────

  /** @returns the ring to read, unless the link is down or cut (the heartbeat looks if it healed). */
  #followed(): Followed | null {
    if (this.#state !== 'connected' || this.#peer === null || this.#peer.wire.isCut()) return null;
    return this.#attachment;
  }

  #onApplied({ reader }: Followed, bytes: number): void {
    const head = this.#env.core.head();
    this.#inputBytes += bytes;
    this.#owner.onApplied();
    const wanted = reader.notifyAt();
    if (wanted !== -1 && head >= wanted && this.#ackedOffset < head) {
      this.#ack(this.#env.clock.monotonicMs());
    }
  }

  #onEnd(end: FollowEnd): void {
    switch (end) {
      case 'lapped':
        this.#lose('the backlog no longer holds what follows', 0);
        return;
      case 'other-history':
        this.#lose('the master has begun another history', 0);
        return;
      case 'corrupt':
        this.#canContinue = false;
        this.#lose('the stream is no sequence of commands', RETRY_MS);
        return;
      case 'out-of-memory':
        // What did not fit was not counted: once there is room, the link goes on from here.
        this.#lose('out of memory', RETRY_MS);
        return;
      case 'fenced':
        // Meant for a master that this node no longer is.
        this.#env.core.unfence();
        this.#follower.schedule();
    }
  }

  #healGap(attachment: Attachment): void {
    const sample = { own: this.#env.core.head(), master: attachment.reader.head() };
    const bytes = findGap(this.#sample, sample);
    this.#sample = sample;
    if (bytes <= 0) return;
    this.#env.onEvent({ type: 'gap-healed', bytes });
    this.#follower.schedule();
  }

  /** The master's heartbeat is no older than it may be between two of its cron turns. */
  #isAlive({ reader }: Attachment): boolean {
    return this.#env.clock.wallMs() - reader.heartbeat() < 1000;
  }

  #ack(now: Millis): void {
    this.#ackedAt = now;
    this.#ackedOffset = this.#env.core.head();
    this.#peer?.wire.send({ type: 'ack', session: this.#session, offset: this.#ackedOffset });
  }

  // ── Ends ──────────────────────────────────────────────────────────────────────────────────────

  /** The link is down; try again after `retryMs`. */
  #lose(reason: string, retryMs: Millis): void {
    const { clock } = this.#env;
    const peer = this.#peer;
    const state = this.#state;
    this.#leave();
    if (state === 'connected' || state === 'sync') this.#downSince ??= clock.monotonicMs();
    this.#enter('connect');
    if (peer !== null && state === 'connected') {
      this.#env.onEvent({ type: 'link-down', master: addressOf(peer), reason });
    }
    if (peer !== null && state === 'sync') {
      this.#env.onEvent({ type: 'full-resync-failed', master: addressOf(peer), reason });
    }
    this.#retryAt = clock.monotonicMs() + retryMs;
    if (retryMs === 0) this.#connect();
  }

  /** Tell the master, forget the session, give up a full sync under way. */
  #leave(): void {
    const receiver = this.#receiver;
    this.#receiver = null;
    this.#syncing = null;
    // Half a snapshot is no data set; what is left of it must not be served or continued.
    if (receiver?.hasEmptied === true) this.#env.flushAll();
    if (this.#peer === null) return;
    if (this.#attachment !== null) this.#follower.leave(this.#attachment);
    this.#peer.wire.send({ type: 'leave', session: this.#session });
    this.#session += 1;
    this.#peer = null;
  }

  #enter(state: LinkState): void {
    assert(isLegalTransition(this.#state, state), `link from ${this.#state} to ${state}`);
    const now = this.#env.clock.monotonicMs();
    this.#state = state;
    this.#enteredAt = now;
    this.#heardAt = now;
  }
}

const addressOf = (peer: ReplicationPeer): string => `${peer.address.host}:${peer.address.port}`;
