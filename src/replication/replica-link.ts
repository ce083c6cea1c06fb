/**
 * A replica's link to its master: handshake, full sync, and following the stream.
 *
 * The link remembers what it followed last: after every loss, and when it is pointed to another
 * master, it asks to continue from its own offset in its own history, and takes a full sync only if
 * that is refused. A master's ring is read until it is empty when the master's thread dies, and
 * once more before a promotion, so that nothing that was published is left behind.
 *
 * What carries the question and the stream is a session's matter (master-session.ts).
 */
import type { Address } from '../base/address.js';
import { assert } from '../base/assert.js';
import type { Millis } from '../base/time.js';
import { type DrainResult, LAPPED, type ReplicationEnvironment } from './environment.js';
import type { LinkState } from '../base/role-reply.js';
import type { LinkOwner } from './link-owner.js';
import { LinkStage } from './link-stage.js';
import { LOSSES, whyGiveUp } from './link-state.js';
import type {
  MasterSession,
  MasterSessionOwner,
  MasterTransport,
  StreamEnd,
} from './master-session.js';
import type { PsyncRequest } from './psync.js';
import { FullSync, type FullSyncState } from './full-sync.js';
import { SnapshotReceiver, wayToLoad } from './snapshot/snapshot-receiver.js';

const ACK_PERIOD_MS: Millis = 1000;
const RETRY_MS: Millis = 1000;

const FINISHED = 'MASTER <-> REPLICA sync: Finished with success';

export class ReplicaLink {
  readonly #env: ReplicationEnvironment;
  readonly #owner: LinkOwner;
  readonly #transports: readonly MasterTransport[];
  /** What the session was opened with. */
  #transport: MasterTransport | undefined = undefined;
  readonly #stage: LinkStage;
  #master: Address | null = null;
  #session: MasterSession | null = null;
  /** The session whose stream was followed last, over or not: what it has can still be drained. */
  #followed: MasterSession | null = null;
  /** Under way. */
  #fullSync: FullSync | null = null;
  /** Whether own id and offset name what this node holds. */
  #canContinue = true;
  #retryAt: Millis = 0;
  #ackedAt: Millis = 0;
  #ackedOffset = -1;
  #inputBytes = 0;

  /** @param transports - the first that reaches a master is the way to it. */
  constructor(
    env: ReplicationEnvironment,
    owner: LinkOwner,
    transports: readonly MasterTransport[],
  ) {
    this.#env = env;
    this.#stage = new LinkStage(env);
    this.#owner = owner;
    this.#transports = transports;
  }

  get state(): LinkState {
    return this.#stage.state;
  }

  get master(): Address | null {
    return this.#master;
  }

  /** When the master last gave a sign; monotonic. */
  get heardAt(): Millis {
    return this.#stage.heardAt;
  }

  /** Since when the link has been down; null: it is up, or never was. Monotonic. */
  get downSince(): Millis | null {
    return this.#stage.downSince;
  }

  /** Whether the offset means anything: there is a history that this node is in. */
  get canContinue(): boolean {
    return this.#canContinue;
  }

  /** Bytes of stream and snapshots got since the start. */
  get inputBytes(): number {
    return this.#inputBytes;
  }

  /** CONFIG RESETSTAT. */
  resetCounts(): void {
    this.#inputBytes = 0;
  }

  /** How far a full sync is; null: none is under way. */
  get fullSync(): FullSyncState | null {
    return this.#fullSync;
  }

  /** The session whose stream drain() reads: perhaps over, perhaps of a master before this one. */
  get followed(): Pick<MasterSession, 'peer' | 'memory'> | null {
    return this.#followed;
  }

  /**
   * Follow this master from now on.
   *
   * @param fromScratch - this node has no data yet, or they have parted from every other node's:
   * ask for everything.
   */
  follow(master: Address, fromScratch: boolean): void {
    if (this.state === 'connected') this.#stage.down();
    this.#leave();
    if (fromScratch) this.#canContinue = false;
    this.#master = master;
    this.#env.onMaster?.(master);
    this.#enter('connect');
    this.#connect();
  }

  /** What this node holds was read from its disk, and stood where own id and offset now say. */
  resume(): void {
    this.#canContinue = true;
  }

  /** Turn master: follow no master. The stream's next bytes are this node's own. */
  stop(): void {
    this.#leave();
    this.#master = null;
    this.#owner.onMaster(null);
    this.#env.onMaster?.(null);
    this.#followed = null;
    this.#canContinue = true;
    this.#enter('none');
  }

  /** Tell the master how far this node is, if there is a link. */
  acknowledge(): void {
    if (this.state === 'connected') this.#ack(this.#env.clock.monotonicMs());
  }

  /** End the link, if there is one: it is made again at once. */
  drop(reason: string): void {
    if (this.state === 'connected') this.#lose(reason, 0);
  }

  /** Apply, at once, all that the stream followed last still has. */
  drain(): DrainResult {
    if (this.#followed === null || !this.#canContinue) return 'none';
    return this.#followed.drain();
  }

  /**
   * Follow a master that does not answer, from what its memory tells: it stands still, or has died.
   *
   * @returns false: it cannot be continued.
   */
  recall(): boolean {
    if (this.#master === null || !this.#canContinue || this.state === 'sync') return false;
    const way = this.#wayToMaster();
    const recalled = way?.recall?.(this.#master, this.#request(), this.#hear()) ?? null;
    if (recalled === null) return false;
    this.#leave();
    this.#enter('connect');
    this.#transport = way;
    this.#session = recalled.session;
    this.#enter('handshake');
    this.#onContinue(recalled.replid);
    return true;
  }

  /** A node listens: if it is the master that this link waits for, there is no need to wait on. */
  onReachable(isAt: (master: Address) => boolean): void {
    if (this.state === 'connect' && this.#master !== null && isAt(this.#master)) this.#connect();
  }

  /** Once a cron turn. @param now - monotonic ms. */
  onCron(now: Millis): void {
    if (this.state === 'none') return;
    if (this.state === 'connect') {
      if (now >= this.#retryAt) this.#connect();
      return;
    }
    const session = this.#session;
    assert(session !== null, 'a link under way has a session');
    session.onCron(now);
    if (this.#session !== session) return; // It has ended.
    if (session.isRemote && this.#wayToMaster() !== this.#transport) {
      // It was not known yet to be of this process: across a socket it could not be fenced.
      return this.#lose('the master is in this process', 0);
    }
    const isCut = session.isCut();
    const view = {
      state: this.state,
      heardAt: this.heardAt,
      isCut,
      handshakeTimeoutMs: session.handshakeTimeoutMs,
    };
    const reason = whyGiveUp(view, now, this.#env.config.replTimeoutSeconds * 1000);
    if (reason !== null) this.#lose(reason, 0);
    if (this.state !== 'connected' || isCut) return;
    if (now - this.#ackedAt >= ACK_PERIOD_MS) this.#ack(now);
  }

  // ── Handshake ─────────────────────────────────────────────────────────────────────────────────

  #connect(): void {
    const master = this.#master;
    assert(master !== null, 'a link that connects has a master');
    this.#owner.onMaster(master); // Whether that is a node of this process may be known only now.
    if (this.#env.mayConnect?.() === false) return;
    this.#retryAt = this.#env.clock.monotonicMs() + RETRY_MS;
    this.#transport = this.#wayToMaster();
    const session = this.#transport?.open(master, this.#request(), this.#hear()) ?? null;
    if (session === null) return;
    this.#session = session;
    this.#enter(session.begins);
  }

  #request(): PsyncRequest {
    if (!this.#canContinue) return { replid: '?', offset: -1 };
    return { replid: this.#owner.replid(), offset: this.#env.core.head() + 1 };
  }

  #wayToMaster(): MasterTransport | undefined {
    const master = this.#master;
    return master === null ? undefined : this.#transports.find((each) => each.reaches(master));
  }

  /** What a session's news do to this link. */
  #hear(): MasterSessionOwner {
    return {
      onHandshake: () => this.#enter('handshake'),
      onHeard: () => this.#stage.heard(),
      onContinue: (replid) => this.#onContinue(replid),
      onFullResync: (replid, offset) => this.#onFullResync(replid, offset),
      onSnapshotSize: (total) => {
        if (this.#fullSync !== null) this.#fullSync.totalBytes = total;
      },
      onSnapshot: (bytes) => {
        if (this.#fullSync !== null) this.#inputBytes += bytes.length;
        this.#fullSync?.take(bytes);
      },
      onSnapshotEnd: () => this.#fullSync?.end(),
      onApplied: (bytes) => {
        this.#inputBytes += bytes;
        this.#owner.onApplied();
      },
      onAckWanted: () => {
        if (this.#ackedOffset < this.#env.core.head()) this.#ack(this.#env.clock.monotonicMs());
      },
      onStreamEnd: (end) => this.#onStreamEnd(end),
      onRefused: (error) => {
        const isAnswer = this.state === 'handshake';
        this.#lose(error, this.state === 'connected' ? 0 : RETRY_MS);
        if (isAnswer) this.#owner.onAnswer(false);
      },
      onMark: (ballot) => this.#owner.onMark(ballot),
      onBallot: (ballot) => {
        this.#owner.onBallot(ballot);
        this.#leave();
        this.#enter('connect');
        this.#connect();
      },
      onLost: (reason, retry) => this.#lose(reason, retry === 'now' ? 0 : RETRY_MS),
    };
  }

  #onContinue(replid: string | null): void {
    if (this.state !== 'handshake') return;
    const { core } = this.#env;
    this.#owner.onContinue(replid ?? this.#owner.replid());
    this.#env.onEvent({ type: 'partial-resync', master: this.#name(), offset: core.head() });
    this.#up();
    this.#owner.onAnswer(true);
  }

  #onFullResync(replid: string, offset: number): void {
    if (this.state !== 'handshake') return;
    this.#followed = null; // What it has left belongs to another history than what comes.
    const isEmpty = !this.#canContinue || this.#env.isEmpty();
    const isTrusted = this.#session?.isRemote === false;
    const owner = {
      onEmptied: () => {
        this.#canContinue = false;
        this.#owner.onFullSyncStart();
      },
      onLoaded: (streamDb: number) => this.#onLoaded(streamDb),
      onFailed: (reason: string) => this.#lose(reason, RETRY_MS),
    };
    const way = wayToLoad(this.#env.config.disklessLoad, isEmpty);
    const receiver = new SnapshotReceiver(this.#env, way, isTrusted);
    const isSame = this.#canContinue && replid === this.#owner.replid();
    this.#fullSync = new FullSync(this.#env, owner, { replid, offset, isSame }, receiver);
    this.#enter('sync');
    this.#env.onEvent({ type: 'full-resync', master: this.#name(), replid, offset });
    this.#owner.onAnswer(true);
  }

  #up(): void {
    const session = this.#session;
    assert(session !== null, 'a link that is up has a session');
    this.#enter('connected');
    this.#followed = session;
    this.#canContinue = true;
    const { core, clock } = this.#env;
    this.#env.onEvent({ type: 'link-up', master: session.name, offset: core.head() });
    this.#ack(clock.monotonicMs());
    session.follow();
  }

  #onLoaded(streamDb: number): void {
    const session = this.#session;
    const sync = this.#fullSync;
    assert(session !== null && sync !== null, 'a loaded snapshot has an origin');
    this.#fullSync = null;
    this.#env.core.resetHistory(sync.offset);
    this.#env.core.setStreamDb(streamDb);
    this.#owner.onFullSyncEnd(sync.replid, sync.offset);
    this.#env.onLoaded?.();
    this.#env.onEvent({ type: 'log', level: 'notice', text: FINISHED });
    session.loaded();
    this.#up();
  }

  // ── Following ─────────────────────────────────────────────────────────────────────────────────

  #onStreamEnd(end: StreamEnd): void {
    switch (end) {
      case 'lapped':
        this.#lose(LAPPED, 0);
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
      case 'parted':
        this.#canContinue = false;
        this.#lose('out of memory', RETRY_MS);
        return;
      case 'fenced':
        // Meant for a master that this node no longer is.
        this.#env.core.unfence();
        this.#session?.follow();
    }
  }

  #ack(now: Millis): void {
    this.#ackedAt = now;
    this.#ackedOffset = this.#env.core.head();
    this.#session?.acknowledge(this.#ackedOffset);
  }

  /** The link is down; try again after `retryMs`. */
  #lose(reason: string, retryMs: Millis): void {
    const { clock } = this.#env;
    const session = this.#session;
    const { state } = this;
    this.#leave();
    this.#stage.down();
    this.#enter('connect');
    if (session !== null) {
      this.#env.onEvent({ type: LOSSES[state], master: session.name, reason });
    }
    this.#retryAt = clock.monotonicMs() + retryMs;
    if (retryMs === 0) this.#connect();
  }

  /** Close the session, give up a full sync under way. */
  #leave(): void {
    this.#fullSync?.abandon();
    this.#fullSync = null;
    this.#session?.close();
    this.#session = null;
  }

  #name(): string {
    return this.#session?.name ?? '';
  }

  #enter(state: LinkState): void {
    this.#stage.enter(state, this.#master);
  }
}
