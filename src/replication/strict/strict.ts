/**
 * A strict node: what it tells its clients is held by a majority of the cluster's nodes.
 *
 * As a replica it promises whom it follows (ballots.ts). As a master it is a candidate first: it
 * appends nothing to its history, serves no replicas and no data, until nodes that make a majority
 * with it have promised it its ballot, and it has the newest data among them; if one of them has
 * newer ones, it takes those first, as its replica for that while. Then it is established: it puts
 * a mark with its ballot into the stream, and whoever has applied the mark has all that was
 * acknowledged before. A reply leaves once as many hold what it tells, and still keep their promise
 * at that moment: so no write that was acknowledged can be missing from a later master, and no
 * value is read that could, or that another master has replaced.
 *
 * None of this asks who has told a node whom to follow: sentinels elect and repair as ever, and may
 * err. An order that would lose something leaves a master without its majority, which serves
 * nothing.
 */
import type { Address } from '../../base/address.js';
import type { LinkState } from '../../base/role-reply.js';
import type { Millis } from '../../base/time.js';
import type { ReplicationEnvironment, ReplicationPeer, StrictPlace } from '../environment.js';
import type { ReplicaFeed } from '../replica-feed.js';
import type { ReplicaSession } from '../replica-session.js';
import { Ballots } from './ballots.js';
import { HeldWaits } from './held-waits.js';
import { markText } from './mark.js';
import { heldOffset, type Joiner, NO_DATA, stepCandidacy } from './quorum.js';
import type { StrictQuestion } from './strict-question.js';
import type { StrictAnswer, StrictMaster, StrictReplica } from './strict-rules.js';

/** The node around it. */
export interface StrictNode {
  readonly feed: ReplicaFeed;
  isMaster(): boolean;
  /** How the link to a master stands. */
  link(): LinkState;
  /** Follow this node for a while, a candidate though this one stays. */
  catchUp(from: Address): void;
  /** Be master again. */
  takeBack(): void;
  /** Ask again those that have been left without an answer. */
  serveWaiting(): void;
  /** There is something new in the stream. */
  wake(): void;
  /** Somebody waits: replicas are to say when they get there. */
  settle(): void;
  onFenced(): void;
}

interface CatchUp {
  readonly from: Joiner;
  readonly sinceMs: Millis;
}

const NOT_SERVING = 'NOREPLICAS strict: this master has no majority of the nodes behind it';
/** A node that does not get what it lacks in this time asks others again. */
const CATCH_UP_MS: Millis = 10_000;
const SERVE: StrictAnswer = { state: 'serve' };
export class Strict implements StrictMaster, StrictReplica {
  readonly #env: ReplicationEnvironment;
  readonly #node: StrictNode;
  readonly #ballots: Ballots;
  /** Replicas that must hold a write; that must have promised. */
  readonly #acks: number;
  readonly #votes: number;
  readonly #waits = new HeldWaits();
  /** Who has been sent the mark since it came. */
  readonly #marked = new WeakSet<ReplicaSession>();
  /** This node's own, as candidate and master. */
  #ballot = 0;
  #isEstablished = false;
  /** It has held its data since before the candidacy. */
  #countsItself = false;
  #joiners = new Map<number, Joiner>();
  #catchUp: CatchUp | null = null;
  /** It has all that it wanted of the joiner. */
  #hasCaughtUp = false;
  /** A candidate that this node has promised to follow takes from it what it has more. */
  #servesCandidate = false;

  /** @param isMaster - whether it starts as one. */
  constructor(
    env: ReplicationEnvironment,
    { ballots, acks, votes }: StrictPlace,
    node: StrictNode,
    isMaster: boolean,
  ) {
    this.#env = env;
    this.#node = node;
    this.#ballots = new Ballots(ballots);
    this.#acks = acks;
    this.#votes = votes;
    // Whatever it held went with its thread, or lacks the last writes.
    this.#ballots.setData(env.ownIndex, NO_DATA);
    if (!isMaster) return;
    if (this.#ballots.begin()) {
      this.#isEstablished = true;
      this.#ballots.setData(env.ownIndex, 0);
    } else this.#begin(0);
  }

  /** Whether it appends to its history: an established master. */
  get isEstablished(): boolean {
    return this.#isEstablished;
  }

  /** Whether it is a candidate: now a master, or for a while the replica of a joiner. */
  get isCandidate(): boolean {
    return !this.#isEstablished && (this.#catchUp !== null || this.#node.isMaster());
  }

  get isSettled(): boolean {
    return !this.isWaiting && !this.isCandidate;
  }

  /** Whether replies wait for replicas. */
  get isWaiting(): boolean {
    return !this.#waits.isEmpty;
  }

  /** INFO's fields. */
  info(): (readonly [string, string | number])[] {
    const { ownIndex } = this.#env;
    const own = [
      ['strict_ballot', this.#ballots.promised(ownIndex)],
      ['strict_data_ballot', this.#ballots.data(ownIndex)],
    ] as const;
    if (!this.#node.isMaster()) return [...own];
    return [
      ...own,
      ['strict_established', this.#isEstablished ? 1 : 0],
      ['strict_replicas_needed', this.#acks],
      ['strict_replicas_counted', this.#isEstablished ? this.#counting().length : 0],
    ];
  }

  // ── As a master ───────────────────────────────────────────────────────────────────────────────

  /** @returns null, or why no client may read or write data. */
  whyNotServing(): string | null {
    if (this.isCandidate) return NOT_SERVING;
    if (!this.#node.isMaster()) return null;
    return this.#acks > 0 && this.#counting().length < this.#acks ? NOT_SERVING : null;
  }

  /** Whether a replica is served though this node's own link to its master is down. */
  get servesCandidate(): boolean {
    return this.#servesCandidate;
  }

  /** @returns null, or why no replica is served: see {@link onAsked}. */
  whyNoReplicas(): string | null {
    return this.#node.isMaster() && !this.#isEstablished
      ? "NOMASTERLINK Can't SYNC before a majority has promised to follow"
      : null;
  }

  /** Whether a majority holds the stream up to there, and follows this node at this moment. */
  holds(offset: number): boolean {
    return offset <= this.#heldTo();
  }

  /**
   * Wait until {@link holds}.
   *
   * @param onEnd - told true then; false if this node is not master any more: whether a majority
   * holds it is not known then, and never will be.
   */
  wait(offset: number, onEnd: (isHeld: boolean) => void): void {
    const isFirst = this.#waits.isEmpty;
    this.#waits.add(offset, onEnd);
    if (isFirst) this.#node.settle();
  }

  /** Tell those whose wait is over. @returns the lowest offset waited for; -1: none. */
  settle(): number {
    if (!this.#node.isMaster()) this.#waits.fail();
    else if (!this.#waits.isEmpty) this.#waits.release(this.#heldTo());
    return this.#waits.next;
  }

  /** This node has become master. @param drained - whom it has fenced and read to the end. */
  onPromoted(drained: ReplicationPeer | null): void {
    const catchUp = this.#catchUp;
    this.#catchUp = null;
    this.#servesCandidate = false;
    if (catchUp === null || !this.#hasCaughtUp) return this.#stand(drained);
    this.#ballots.setData(this.#env.ownIndex, catchUp.from.data);
    this.#step();
  }

  /** It is told whom to follow, whatever it was about. */
  onOrder(): void {
    this.#catchUp = null;
  }

  /** It is no master any more. What has not been answered is not answered. */
  onDemoted(): void {
    if (this.#catchUp !== null) return;
    this.#isEstablished = false;
    this.#joiners.clear();
    this.#waits.fail();
  }

  /** A replica came, went, or is further. */
  onFeedChange(): void {
    if (!this.#isEstablished || !this.#node.isMaster()) return;
    let isNew = false;
    for (const { session, stage } of this.#node.feed.records()) {
      if (stage !== 'online' || session.nodeIndex === null || this.#marked.has(session)) continue;
      this.#marked.add(session);
      isNew = true;
    }
    if (isNew) this.#mark();
  }

  /** Another node of the process asks to follow. @param offset - the last byte it has. */
  onAsked(peer: ReplicationPeer, question: StrictQuestion, offset: number): StrictAnswer {
    const { ballot, data, catchesUp } = question;
    if (!this.#node.isMaster()) {
      if (!catchesUp) return SERVE;
      this.#servesCandidate = ballot === this.#ballots.promised(this.#env.ownIndex);
      if (this.#servesCandidate) return SERVE;
      return { state: 'refuse', error: 'ERR this node has promised to follow another one' };
    }
    if (ballot > this.#ballot) this.#raise(ballot);
    if (ballot < this.#ballot) return { state: 'ballot', ballot: this.#ballot };
    if (this.#isEstablished) return SERVE;
    this.#joiners.set(peer.index, { index: peer.index, data, offset });
    this.#step();
    return this.#isEstablished ? SERVE : { state: 'wait' };
  }

  /** Once a cron turn. */
  onCron(): void {
    const catchUp = this.#catchUp;
    if (catchUp === null) {
      if (this.#joiners.size > 0 && this.isCandidate) this.#step();
      return;
    }
    const state = this.#node.link();
    const isLate = this.#env.clock.monotonicMs() - catchUp.sinceMs > CATCH_UP_MS;
    if (state === 'connected') this.onApplied();
    else if (state === 'connect' || isLate) {
      // What it had may be gone in the midst of a full sync. Whoever is still there asks again.
      this.#catchUp = null;
      this.#joiners.delete(catchUp.from.index);
      this.#node.takeBack();
    }
  }

  // ── As a replica ──────────────────────────────────────────────────────────────────────────────

  /** What it says of itself to the node that it asks to follow. @param hasNothing - it says so. */
  question(hasNothing: boolean): StrictQuestion {
    const own = this.#env.ownIndex;
    if (hasNothing) this.#ballots.setData(own, NO_DATA);
    return {
      ballot: this.#ballots.promised(own),
      data: this.#ballots.data(own),
      catchesUp: this.#catchUp !== null,
    };
  }

  /** The node that it asks to follow wants its promise. */
  onBallot(ballot: number): void {
    if (this.#catchUp === null) this.#ballots.promise(this.#env.ownIndex, ballot);
  }

  /** A full sync takes its data's place. */
  onFullSync(): void {
    this.#servesCandidate = false;
    this.#ballots.setData(this.#env.ownIndex, NO_DATA);
  }

  /** What has been applied up to here is confirmed. */
  onMark(ballot: number): void {
    this.#ballots.setData(this.#env.ownIndex, ballot);
  }

  /** Something was applied, or the link has come up. */
  onApplied(): void {
    const catchUp = this.#catchUp;
    if (this.#node.link() !== 'connected') return;
    this.#servesCandidate = false;
    if (catchUp === null) return;
    if (this.#env.core.head() >= catchUp.from.offset) this.#env.soon(() => this.#endCatchUp());
  }

  // ── Candidacy ─────────────────────────────────────────────────────────────────────────────────

  /** Be a candidate from now on. */
  #stand(drained: ReplicationPeer | null = null): void {
    const { ownIndex } = this.#env;
    const ballots = this.#ballots;
    const data = ballots.data(ownIndex);
    this.#isEstablished = false;
    this.#countsItself = data !== NO_DATA;
    const other = drained === null ? 0 : ballots.promised(drained.index);
    this.#begin(other);
    // Whatever the old master ever published is here, and it can publish nothing more.
    if (drained !== null && data !== NO_DATA && ballots.data(drained.index) === data) {
      ballots.promise(drained.index, this.#ballot);
      const { index } = drained;
      this.#joiners.set(index, { index, data, offset: this.#env.core.head() });
    }
    this.#env.onEvent({ type: 'candidate', ballot: this.#ballot });
    this.#step();
  }

  #begin(above: number): void {
    const { ownIndex } = this.#env;
    this.#ballot = Ballots.next(ownIndex, above, this.#ballots.promised(ownIndex));
    this.#ballots.promise(ownIndex, this.#ballot);
    this.#joiners.clear();
  }

  /** Somebody has promised to follow another one since: all must promise anew. */
  #raise(above: number): void {
    const wasEstablished = this.#isEstablished;
    if (wasEstablished) this.#countsItself = true;
    this.#isEstablished = false;
    this.#begin(above);
    this.#env.onEvent({ type: 'candidate', ballot: this.#ballot });
    if (!wasEstablished) return;
    this.#waits.fail();
    this.#node.feed.dropAll('a node has promised to follow another master');
  }

  #step(): void {
    if (this.#isEstablished || this.#catchUp !== null || !this.#node.isMaster()) return;
    const { core, ownIndex } = this.#env;
    if (core.isFenced() || this.#ballots.promised(ownIndex) !== this.#ballot) return;
    const kept = [...this.#joiners.values()].filter(({ index }) => {
      const isCut = this.#env.peerByIndex(index)?.wire.isCut() !== false;
      return !isCut && this.#ballots.promised(index) === this.#ballot;
    });
    const own = { data: this.#ballots.data(ownIndex), offset: core.head() };
    const step = stepCandidacy(own, this.#countsItself, kept, this.#votes);
    if (step.state === 'established') this.#establish();
    if (step.state === 'catch-up') this.#beginCatchUp(step.from);
  }

  #establish(): void {
    this.#isEstablished = true;
    this.#joiners.clear();
    this.#env.onEvent({ type: 'established', ballot: this.#ballot });
    this.#mark();
    this.#env.soon(() => this.#node.serveWaiting());
  }

  /** Say in the stream that what comes is of this ballot, and what was before is whole. */
  #mark(): void {
    const { core, ownIndex } = this.#env;
    const from = core.head();
    core.append(core.streamDb, markText(this.#ballot));
    if (!core.publish()) return this.#node.onFenced();
    this.#ballots.setData(ownIndex, this.#ballot);
    this.#env.onForReplicas?.(from);
    this.#node.wake();
  }

  #beginCatchUp(from: Joiner): void {
    const peer = this.#env.peerByIndex(from.index);
    if (peer === undefined) return;
    this.#hasCaughtUp = false;
    this.#catchUp = { from, sinceMs: this.#env.clock.monotonicMs() };
    this.#env.soon(() => {
      if (this.#catchUp?.from === from) this.#node.catchUp(peer.address);
    });
  }

  #endCatchUp(): void {
    if (this.#catchUp === null || this.#node.link() !== 'connected') return;
    this.#hasCaughtUp = true;
    this.#node.takeBack();
  }

  // ── Who counts ────────────────────────────────────────────────────────────────────────────────

  #heldTo(): number {
    if (!this.#node.isMaster()) return Number.MAX_SAFE_INTEGER;
    const { core, ownIndex } = this.#env;
    if (!this.#isEstablished || core.isFenced()) return -1;
    if (this.#ballots.promised(ownIndex) !== this.#ballot) return -1;
    return heldOffset(this.#counting(), this.#acks);
  }

  /** Offsets of the replicas that keep their promise, and are known to have the mark. */
  #counting(): number[] {
    const offsets: number[] = [];
    for (const { session, stage, offset } of this.#node.feed.records()) {
      const { nodeIndex } = session;
      if (nodeIndex === null || stage !== 'online' || session.isCut()) continue;
      // The offset was read before this: it is of the time of the promise.
      if (this.#ballots.promised(nodeIndex) !== this.#ballot) continue;
      if (this.#ballots.data(nodeIndex) === this.#ballot) offsets.push(offset);
    }
    return offsets;
  }
}
