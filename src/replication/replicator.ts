/**
 * A node's replication, whole: its role, its history, its link to a master, its replicas.
 *
 * Master and replica are not two programs: a failover turns one into the other around the same
 * memory, and a replica may have replicas. So there is one object, which holds the ids of the
 * history that the node is in, a link (a master has none) and a feed (mostly without replicas, for
 * a replica), and sees to it that changes of role keep the three consistent.
 *
 * Promotion is where that matters. With a fence, in this order: the old master is forbidden to
 * publish, so its head is final; its ring is read to that head; only then does this node take
 * writes, in a history that continues the old one under a new id. An old master that finds itself
 * fenced answers nothing of the batch that failed and becomes a replica of whoever fenced it.
 */
import type { Address } from '../base/address.js';
import { RingOwner } from '../backlog/ring-owner.js';
import { RingReader } from '../backlog/ring-reader.js';
import type { Millis } from '../base/time.js';
import { AckWaiters } from './ack-waiters.js';
import { backlogFreed, BacklogTtl } from './backlog-ttl.js';
import { BatchWake } from './batch-wake.js';
import type { ReplicationEnvironment, ReplicationPeer, StrictPlace } from './environment.js';
import { FailoverControl } from './failover-control.js';
import type { FailoverRequest } from './failover.js';
import { OwnHistory } from './own-history.js';
import type { PsyncRequest } from './psync.js';
import { ReplicaFeed } from './replica-feed.js';
import { ReplicaLink } from './replica-link.js';
import type { DataHistory } from './replication-id.js';
import { ReplicationFacts } from './replication-facts.js';
import type { ReplicaLine } from './tcp/line.js';
import type { ReplicaFacts } from './tcp/tcp-replica-session.js';
import type { ServedReplica } from './tcp/tcp-replicas.js';
import { Transports } from './transports.js';
import { OwnLineage } from './shared/lineage.js';
import { Signals } from './signals.js';
import { type ReplicationParts, Standing } from './standing.js';
import { Strict } from './strict/strict.js';
import { isSuccessor, takePlace } from './succession.js';

export class Replicator extends ReplicationFacts {
  readonly #env: ReplicationEnvironment;
  readonly #owner: RingOwner;
  readonly #own: RingReader;
  readonly #feed: ReplicaFeed;
  readonly #link: ReplicaLink;
  readonly #transports: Transports;
  readonly #failover: FailoverControl;
  readonly #waiters: AckWaiters;
  readonly #backlog: BacklogTtl;
  readonly #lineage: OwnLineage;
  readonly #history: OwnHistory;
  readonly #signals: Signals;
  readonly #wake: BatchWake;
  readonly #strict: Strict | null;
  protected readonly standing: Standing;
  protected readonly parts: ReplicationParts;

  /**
   * @param master - whom to follow from the start; null: none, this node is a master. It begins a
   * history of its own, and as a replica takes a full sync, unless resume() comes first.
   */
  constructor(env: ReplicationEnvironment, master: Address | null) {
    super();
    this.#env = env;
    this.#owner = new RingOwner(env.core.memory);
    this.#own = new RingReader(env.core.memory);
    this.#lineage = new OwnLineage(env.core.memory);
    this.#history = new OwnHistory(env, this.#owner, this.#lineage);
    this.#feed = new ReplicaFeed(env, this.#owner, {
      ids: () => this.#history.ids,
      whyNot: () => this.standing.whyNoReplicas(),
      isMaster: () => this.role() === 'master',
    });
    this.#failover = new FailoverControl({
      view: () => this.standing.failoverView(),
      pauseWrites: (isPaused) => env.pauseWrites?.(isPaused),
      requestAcks: () => this.requestAcks(),
      follow: (target, isOrder) => this.#becomeReplica(target, false, isOrder),
      takeBack: () => this.promote({ fence: false }),
      log: (text) => env.onEvent({ type: 'log', level: 'notice', text }),
    });
    const strict = (): Strict | null => this.#strict;
    this.#waiters = new AckWaiters(env, this.#owner, () => this.#feed.offsets(), strict);
    this.#feed.onChange = () => this.#onFeedChange();
    this.#transports = new Transports(env, this.#feed, {
      isHandingOver: () => this.#failover.isHandingOver,
      onTakeOver: (replid) => this.#takeOver(replid),
      strict,
    });
    const owner = {
      replid: () => this.#history.ids.replid,
      onMaster: (address: Address | null) => this.#tellMaster(address),
      onContinue: (replid: string) => this.#onContinue(replid),
      onFullSyncStart: () => {
        this.#strict?.onFullSync();
        this.#owner.nextHistory(); // Its head will be a place in another one before it has an id.
        this.#feed.dropAll('the master began a full resync');
      },
      onFullSyncEnd: (replid: string) => this.#history.begin(replid),
      onApplied: () => this.#onApplied(),
      onAnswer: (isServed: boolean) => {
        if (isServed) this.#failover.onServed();
        else this.#failover.onRejected();
      },
      onBallot: (ballot: number) => this.#strict?.onBallot(ballot),
      onMark: (ballot: number) => this.#strict?.onMark(ballot),
    };
    this.#link = new ReplicaLink(env, owner, this.#transports.masters);
    this.#signals = new Signals(env, {
      isMaster: () => this.role() === 'master',
      isFailingOver: () => this.isFailingOver(),
      replicas: () => this.#feed.size,
      hasRemote: () => this.#feed.hasRemote,
      wake: () => this.#feed.wake(),
      onFenced: () => this.onFenced(),
    });
    this.#backlog = new BacklogTtl(env.clock.monotonicMs());
    this.#wake = new BatchWake(env, this.#owner, this.#feed);
    this.#strict = env.strict === undefined ? null : this.#makeStrict(env.strict, master === null);
    this.parts = {
      env,
      history: this.#history,
      link: this.#link,
      feed: this.#feed,
      failover: this.#failover,
      waiters: this.#waiters,
      backlog: this.#backlog,
      strict: this.#strict,
    };
    this.standing = new Standing(this.parts);
    this.#owner.beat(env.clock.wallMs());
    if (master !== null) this.#link.follow(master, true);
  }

  #makeStrict(place: StrictPlace, isMaster: boolean): Strict {
    return new Strict(
      this.#env,
      place,
      {
        feed: this.#feed,
        isMaster: () => this.#link.state === 'none',
        link: () => this.#link.state,
        catchUp: (from) => this.#becomeReplica(from, false),
        takeBack: () => this.promote({ fence: false }),
        serveWaiting: () => this.#transports.serveWaiting(),
        wake: () => this.#feed.wake(),
        settle: () => this.#waiters.settle(),
        onFenced: () => this.onFenced(),
      },
      isMaster,
    );
  }

  // ── What is waited for ────────────────────────────────────────────────────────────────────────

  /**
   * Sleep until enough replicas have `offset`. @returns how many have it then.
   *
   * @param timeoutMs - 0: no limit.
   * @throws UNBLOCKED if this node stops being a master meanwhile.
   */
  wait(numReplicas: number, timeoutMs: Millis, offset: number): Promise<number> {
    return this.#waiters.wait(numReplicas, timeoutMs, offset, () => this.requestAcks());
  }

  /** @see Signals.requestAcks */
  requestAcks(): void {
    this.#signals.requestAcks();
  }

  // ── What the node's loop tells ────────────────────────────────────────────────────────────────

  /**
   * Before a batch of client input is executed.
   *
   * @returns 0: go on; else ms after which to ask again, leaving the input unread until then.
   */
  holdFor(batchBytes: number): Millis {
    return this.#feed.size === 0 ? 0 : this.#feed.holdFor(batchBytes);
  }

  /** A batch is published: wake who waits, once this turn of the loop is over. */
  onBatchEnd(): void {
    this.#wake.schedule();
  }

  /** Wake who waits for what was published, at once. */
  afterBatch(): void {
    this.#wake.wakeNow();
  }

  /** Ten times a second, or less often while it is settled. */
  onCron(): void {
    const { clock, core } = this.#env;
    const now = clock.monotonicMs();
    this.#owner.beat(clock.wallMs());
    if (core.isFenced()) this.onFenced();
    this.#link.onCron(now);
    this.#feed.onCron(now);
    this.#signals.ping(now);
    this.#strict?.onCron();
    this.#waiters.settle();
    this.#failover.step();
    this.#giveUpBacklog(now);
  }

  /** A frame on a peer's wire. @returns false if it is none of replication's. */
  onFrame(peer: ReplicationPeer, frame: { readonly type: string }): boolean {
    return this.#transports.onFrame(peer, frame);
  }

  /** @see Transports.serve */
  serve(facts: ReplicaFacts, line: ReplicaLine, request: PsyncRequest): ServedReplica | string {
    return this.#transports.serve(facts, line, request);
  }

  /** The master wants to know at once how far this node is. */
  acknowledge(): void {
    this.#link.acknowledge();
  }

  /** A peer listens, for the first time or again. */
  onPeerUp(peer: ReplicationPeer): void {
    this.#link.onReachable(({ host, port }) => this.#env.peerAt(host, port) === peer);
  }

  /** A peer's thread has ended. */
  onWireClosed(peer: ReplicationPeer): void {
    if (this.#strict === null && isSuccessor(this.#env, this.#link, peer)) {
      // What it has acknowledged is in its memory alone, and that is gone when it starts again.
      this.#becomeReplica(peer.address, false);
      this.#link.recall();
    }
    this.#transports.onPeerGone(peer);
  }

  /** A publish failed, or the cron found the fence: this node has been replaced. */
  onFenced(): void {
    const { core } = this.#env;
    // It was meant for the master that this node no longer is.
    if (this.role() === 'replica') return core.unfence();
    const { diverged } = core;
    const peer = this.#env.peerByIndex(this.#own.fencedBy());
    this.#env.onEvent({ type: 'fenced', by: peer?.id ?? null, diverged });
    this.#failover.abort('this node has been replaced');
    if (peer === undefined) return; // Stays fenced, which is the safe thing to be.
    this.#becomeReplica(peer.address, diverged);
    core.unfence();
  }

  // ── FAILOVER ──────────────────────────────────────────────────────────────────────────────────

  /** Hand this node's role to a replica. @returns null, or why not, as Redis words it. */
  failover(request: FailoverRequest, isOrderOfSentinel = false): string | null {
    const whyNot = this.#failover.begin(request, isOrderOfSentinel);
    if (whyNot === null) this.#env.soon(() => this.#failover.step());
    return whyNot;
  }

  /** @returns false: there is none to be given up. */
  abortFailover(): boolean {
    return this.#failover.abort('Failover manually aborted');
  }

  isFailingOver(): boolean {
    return this.#failover.state !== 'no-failover';
  }

  /** The master hands its role to this node. @returns why not, as Redis words it. */
  #takeOver(replid: string): string | null {
    const { replid2 } = this.#history.ids;
    // It has taken over, and wanted a promise first.
    if (this.#strict !== null && this.role() === 'master' && replid === replid2) return null;
    if (this.role() === 'master') return "ERR PSYNC FAILOVER can't be sent to a master.";
    if (replid !== this.replid()) return 'ERR PSYNC FAILOVER replid must match my replid.';
    this.promote({ fence: false });
    return null;
  }

  #onFeedChange(): void {
    if (this.#feed.size > 0) this.#backlog.use();
    this.#strict?.onFeedChange();
    this.#waiters.settle();
    // Not at once: it changes whose replica this node is.
    if (this.#failover.state !== 'no-failover') this.#env.soon(() => this.#failover.step());
  }

  // ── Changes of role ───────────────────────────────────────────────────────────────────────────

  /** CLIENT KILL of the link to the master, which is made again at once. */
  dropLink(): void {
    this.#link.drop('ended by CLIENT KILL');
  }

  /**
   * The data read from disk stood in this history: a replica goes on from there, a master continues
   * it under an id of its own. Before anything is published.
   */
  resume(position: DataHistory): void {
    const isMaster = this.role() === 'master';
    this.#history.resume(position, isMaster);
    if (!isMaster) this.#link.resume();
  }

  /** Where the data stand now; null: in the middle of what has no name. */
  dataHistory(): DataHistory | null {
    return this.#link.canContinue ? this.#history.position() : null;
  }

  /** REPLICAOF host port, in effect at once. @param isOrderOfSentinel - of the process. */
  replicaOf(master: Address, isOrderOfSentinel = false): void {
    this.#strict?.onOrder();
    this.#becomeReplica(master, false, isOrderOfSentinel);
  }

  /**
   * REPLICAOF NO ONE: become a master with the data there are.
   *
   * @param fence - forbid the old master to publish, wherever no partition stands between. Without,
   * what it publishes from now on is lost, as in a network.
   * @returns false: another node has taken over from the same master, and is followed.
   */
  promote({ fence }: { readonly fence: boolean }): boolean {
    if (this.role() === 'master') return true;
    const taken = fence ? takePlace(this.#env, this.#link) : null;
    if (taken?.state === 'replaced') {
      const text = `Not promoted: ${taken.by.id} is master in that place, and is followed`;
      this.#env.onEvent({ type: 'log', level: 'notice', text });
      this.#becomeReplica(taken.by.address, false);
      return false;
    }
    const drain = taken?.drain ?? this.#link.drain();
    const isContinuing = this.#link.canContinue;
    this.#link.stop();

    const { core } = this.#env;
    const offset = core.head();
    if (isContinuing) this.#history.continueAs();
    else this.#history.begin();
    this.#feed.dropAll('promoted to master');
    core.setStreamDb(-1);
    this.#signals.restart();
    this.#env.onEvent({ type: 'promoted', offset, isFenced: taken?.isFenced === true, drain });
    this.#env.onEvent({ type: 'role-changed', role: 'master' });
    this.#strict?.onPromoted(taken?.drained ?? null);
    return true;
  }

  /** Begin another history with the data there are. No replica can continue the old one. */
  changeHistory(): void {
    this.#history.begin();
  }

  #becomeReplica(master: Address, fromScratch: boolean, isOrderOfSentinel = false): void {
    const wasMaster = this.role() === 'master';
    this.#link.follow(master, fromScratch);
    this.#env.onEvent({ type: 'following', ...master, isOrderOfSentinel });
    if (!wasMaster) return;
    this.#waiters.failAll();
    this.#strict?.onDemoted();
    this.#env.onEvent({ type: 'role-changed', role: 'replica' });
  }

  /** Whom this node follows, for who looks into its memory. */
  #tellMaster(master: Address | null): void {
    const peer = master === null ? null : this.#env.peerAt(master.host, master.port);
    this.#lineage.setMaster(peer === undefined ? 'elsewhere' : (peer?.index ?? null));
  }

  /** The master continues our history, perhaps under another id. */
  #onContinue(replid: string): void {
    if (this.#history.continueAs(replid)) this.#feed.dropAll('the replication id has changed');
  }

  #onApplied(): void {
    this.#owner.beat(this.#env.clock.wallMs());
    this.#strict?.onApplied();
    if (this.#feed.size > 0) this.#feed.wake();
  }

  #giveUpBacklog(now: Millis): void {
    const ttlSeconds = this.#env.config.backlogTtlSeconds;
    const view = { isMaster: this.role() === 'master', replicas: this.#feed.size, ttlSeconds };
    if (!this.#backlog.isOver(view, now)) return;
    this.changeHistory();
    this.#env.onEvent({ type: 'log', level: 'notice', text: backlogFreed(ttlSeconds) });
  }
}
