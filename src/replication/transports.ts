/**
 * The two ways in which nodes replicate: through the memory of the process (`shared/`), and across
 * a socket (`tcp/`). Whoever asks or is asked need not know which.
 */
import type { ReplicationEnvironment, ReplicationPeer } from './environment.js';
import type { MasterTransport } from './master-session.js';
import type { PsyncRequest } from './psync.js';
import type { ReplicaFeed } from './replica-feed.js';
import { isMasterFrame, isReplicaFrame } from './shared/frames.js';
import { SharedMasters } from './shared/shared-masters.js';
import { SharedReplicas } from './shared/shared-replicas.js';
import type { StrictMaster, StrictReplica } from './strict/strict-rules.js';
import type { ReplicaLine } from './tcp/line.js';
import { TcpMasters } from './tcp/tcp-masters.js';
import type { ReplicaFacts } from './tcp/tcp-replica-session.js';
import { type ServedReplica, TcpReplicas } from './tcp/tcp-replicas.js';

/** What is asked of the node. */
export interface TransportOwner {
  /** Whether a request to a master hands this node's role over. @see failover.ts */
  isHandingOver(): boolean;
  /** The master hands its role to this node. @returns why not, as Redis words it. */
  onTakeOver(replid: string): string | null;
  /** Null: the cluster is not strict. */
  strict(): (StrictMaster & StrictReplica) | null;
}

export class Transports {
  /** To masters: the first that reaches one is taken. */
  readonly masters: readonly MasterTransport[];
  readonly #sharedMasters: SharedMasters;
  readonly #sharedReplicas: SharedReplicas;
  readonly #tcpReplicas: TcpReplicas;

  constructor(env: ReplicationEnvironment, feed: ReplicaFeed, owner: TransportOwner) {
    const isHandingOver = () => owner.isHandingOver();
    const strict = () => owner.strict();
    const onTakeOver = (replid: string) => owner.onTakeOver(replid);
    this.#sharedMasters = new SharedMasters(env, isHandingOver, strict);
    this.#sharedReplicas = new SharedReplicas(env, feed, onTakeOver, strict);
    this.#tcpReplicas = new TcpReplicas(env, feed);
    this.masters = [this.#sharedMasters, new TcpMasters(env, isHandingOver)];
  }

  /** A frame on a peer's wire. @returns false if it is none of replication's. */
  onFrame(peer: ReplicationPeer, frame: { readonly type: string }): boolean {
    if (isReplicaFrame(frame)) this.#sharedReplicas.onFrame(peer, frame);
    else if (isMasterFrame(frame)) this.#sharedMasters.onFrame(peer, frame);
    else return false;
    return true;
  }

  /** A peer's thread has ended. */
  onPeerGone(peer: ReplicationPeer): void {
    this.#sharedMasters.onPeerGone(peer);
    this.#sharedReplicas.onPeerGone(peer);
  }

  /** A strict candidate is master now: answer those who asked before. */
  serveWaiting(): void {
    this.#sharedReplicas.serveWaiting();
  }

  /**
   * A replica outside the process asks, on this connection, to follow.
   *
   * @returns why it cannot, as Redis words it; else what to tell of the connection.
   */
  serve(facts: ReplicaFacts, line: ReplicaLine, request: PsyncRequest): ServedReplica | string {
    return this.#tcpReplicas.serve(facts, line, request);
  }
}
