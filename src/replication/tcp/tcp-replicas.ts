/** The replicas across sockets: by their connections. */
import type { ReplicationEnvironment } from '../environment.js';
import type { PsyncRequest } from '../psync.js';
import type { ReplicaSessionOwner } from '../replica-session.js';
import type { ReplicaLine } from './line.js';
import type { Spool } from './spool.js';
import { StreamReader } from './stream-reader.js';
import { type ReplicaFacts, TcpReplicaSession } from './tcp-replica-session.js';

/** One replica's connection, for as long as it is one. */
export interface ServedReplica {
  /** It has sent something, if only an empty line. */
  onBytes(): void;
  /** REPLCONF ACK. */
  onAck(offset: number): void;
  /** The connection has ended. */
  onClose(): void;
}

export class TcpReplicas {
  readonly #env: ReplicationEnvironment;
  readonly #feed: ReplicaSessionOwner;
  readonly #stream: StreamReader;

  constructor(env: ReplicationEnvironment, feed: ReplicaSessionOwner) {
    this.#env = env;
    this.#feed = feed;
    this.#stream = new StreamReader(env);
  }

  /**
   * Serve a replica on this connection from now on.
   *
   * @returns why not, as Redis words it; else what to tell of the connection.
   */
  serve(facts: ReplicaFacts, line: ReplicaLine, request: PsyncRequest): ServedReplica | string {
    const { config } = this.#env;
    const session = new TcpReplicaSession(facts, line, this.#feed, {
      stream: this.#stream,
      mark: this.#env.newReplid(),
      spools: !config.disklessSync,
      openSpool: () => this.#openSpool(),
    });
    const whyNot = this.#feed.onRequest(session, request);
    if (whyNot !== null) return whyNot;
    return {
      onBytes: () => session.onBytes(),
      onAck: (offset) => session.onAck(offset),
      onClose: () => {
        session.end();
        this.#feed.onGone(session);
      },
    };
  }

  #openSpool(): Spool {
    const spool = this.#env.openSpool?.();
    if (spool === undefined) throw new Error('this node has no disk');
    return spool;
  }
}
