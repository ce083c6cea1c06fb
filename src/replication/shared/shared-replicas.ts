/** The replicas in this process: their frames, as what they mean for the feed. */
import type { ReplicationEnvironment, ReplicationPeer } from '../environment.js';
import type { ReplicaSessionOwner } from '../replica-session.js';
import type { ReplicaFrame } from './frames.js';
import { SharedReplicaSession } from './shared-replica-session.js';

export class SharedReplicas {
  readonly #env: ReplicationEnvironment;
  readonly #feed: ReplicaSessionOwner;
  /** By the peer's index: at most one session each. */
  readonly #sessions = new Map<number, SharedReplicaSession>();

  readonly #onTakeOver: (replid: string) => string | null;

  /**
   * @param onTakeOver - the master of the history `replid` hands its role over; returns why not.
   */
  constructor(
    env: ReplicationEnvironment,
    feed: ReplicaSessionOwner,
    onTakeOver: (replid: string) => string | null,
  ) {
    this.#env = env;
    this.#feed = feed;
    this.#onTakeOver = onTakeOver;
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
      return;
    }
    switch (frame.type) {
      case 'credit':
        session.credit += 1;
        this.#feed.onReady(session, frame.chunk);
        return;
      case 'online':
        this.#feed.onLoaded(session);
        return;
      case 'ack':
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
  }

  #onPsync(peer: ReplicationPeer, frame: ReplicaFrame & { type: 'psync' }): void {
    const previous = this.#sessions.get(peer.index);
    if (previous !== undefined) this.#end(previous);
    if (peer.memory === null) return refuse(peer, frame.session, 'ERR no memory');
    const notTaken = frame.takeOver ? this.#onTakeOver(frame.replid) : null;
    if (notTaken !== null) return refuse(peer, frame.session, notTaken);
    const session = new SharedReplicaSession(this.#env, peer, peer.memory, frame);
    const whyNot = this.#feed.onRequest(session, frame);
    if (whyNot === null) this.#sessions.set(peer.index, session);
    else refuse(peer, frame.session, whyNot);
  }

  #end(session: SharedReplicaSession): void {
    this.#sessions.delete(session.peer.index);
    this.#feed.onGone(session);
  }
}

function refuse(peer: ReplicationPeer, session: number, error: string): void {
  peer.wire.send({ type: 'refuse', session, error });
}
