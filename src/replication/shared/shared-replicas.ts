/** The replicas in this process: their frames, as what they mean for the feed. */
import type { ReplicationEnvironment, ReplicationPeer } from '../environment.js';
import type { ReplicaSessionOwner } from '../replica-session.js';
import type { ReplicaFrame } from './frames.js';
import { SharedReplicaSession } from './shared-replica-session.js';
import type { StrictMaster } from '../strict/strict-rules.js';

type PsyncFrame = ReplicaFrame & { type: 'psync' };

export class SharedReplicas {
  readonly #env: ReplicationEnvironment;
  readonly #feed: ReplicaSessionOwner;
  /** By the peer's index: at most one session each. */
  readonly #sessions = new Map<number, SharedReplicaSession>();

  readonly #onTakeOver: (replid: string) => string | null;
  readonly #strict: () => StrictMaster | null;
  /** Questions that a strict candidate has not answered yet, by the peer's index. */
  readonly #unanswered = new Map<number, { peer: ReplicationPeer; frame: PsyncFrame }>();

  /**
   * @param onTakeOver - the master of the history `replid` hands its role over; returns why not.
   * @param strict - null: the cluster is not strict.
   */
  constructor(
    env: ReplicationEnvironment,
    feed: ReplicaSessionOwner,
    onTakeOver: (replid: string) => string | null,
    strict: () => StrictMaster | null,
  ) {
    this.#env = env;
    this.#feed = feed;
    this.#onTakeOver = onTakeOver;
    this.#strict = strict;
  }

  onFrame(peer: ReplicationPeer, frame: ReplicaFrame): void {
    if (frame.type === 'psync') {
      this.#onPsync(peer, frame);
      return;
    }
    const session = this.#sessions.get(peer.index);
    if (session === undefined || session.number !== frame.session || !this.#feed.onHeard(session)) {
      // It thinks it is our replica, and is not: a drop that it has not heard of.
      if (frame.type === 'ack') refuse(peer, frame.session, 'ERR not a replica of this node');
      const asked = this.#unanswered.get(peer.index)?.frame.session;
      if (frame.type === 'leave' && asked === frame.session) this.#unanswered.delete(peer.index);
      return;
    }
    switch (frame.type) {
      case 'credit':
        session.onCredit(frame.chunk);
        this.#feed.onReady(session, frame.chunk);
        return;
      case 'online':
        this.#feed.onLoaded(session);
        return;
      case 'ack':
        session.followsIn = frame.history;
        // Only one that has loaded its snapshot acknowledges. Its words before may have been lost.
        this.#feed.onLoaded(session);
        this.#feed.onAck(session, frame.offset);
        return;
      case 'leave':
        this.#end(session);
    }
  }

  /** A peer's thread has ended. */
  onPeerGone(peer: ReplicationPeer): void {
    const session = this.#sessions.get(peer.index);
    if (session !== undefined) this.#end(session);
    this.#unanswered.delete(peer.index);
  }

  /** Ask again, as it were, what has not been answered. */
  serveWaiting(): void {
    const waiting = [...this.#unanswered.values()];
    this.#unanswered.clear();
    for (const { peer, frame } of waiting) this.#onPsync(peer, frame);
  }

  #onPsync(peer: ReplicationPeer, frame: PsyncFrame): void {
    const previous = this.#sessions.get(peer.index);
    if (previous !== undefined) this.#end(previous);
    if (peer.memory === null) return refuse(peer, frame.session, 'ERR no memory');
    const notTaken = frame.takeOver ? this.#onTakeOver(frame.replid) : null;
    if (notTaken !== null) return refuse(peer, frame.session, notTaken);
    if (!this.#isWelcome(peer, frame)) return;
    const session = new SharedReplicaSession(this.#env, peer, peer.memory, frame);
    const whyNot = this.#feed.onRequest(session, frame);
    if (whyNot === null) this.#sessions.set(peer.index, session);
    else refuse(peer, frame.session, whyNot);
  }

  /** What a strict node says to it. @returns whether the question is to be answered now. */
  #isWelcome(peer: ReplicationPeer, frame: PsyncFrame): boolean {
    this.#unanswered.delete(peer.index);
    const { strict: question } = frame;
    const answer =
      question === undefined ? null : this.#strict()?.onAsked(peer, question, frame.offset - 1);
    if (answer == null || answer.state === 'serve') return true;
    const { session } = frame;
    if (answer.state === 'wait') this.#unanswered.set(peer.index, { peer, frame });
    if (answer.state === 'ballot') {
      peer.wire.send({ type: 'ballot', session, ballot: answer.ballot });
    }
    if (answer.state === 'refuse') refuse(peer, session, answer.error);
    return false;
  }

  #end(session: SharedReplicaSession): void {
    this.#sessions.delete(session.peer.index);
    this.#feed.onGone(session);
  }
}

function refuse(peer: ReplicationPeer, session: number, error: string): void {
  peer.wire.send({ type: 'refuse', session, error });
}
