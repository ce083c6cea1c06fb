/**
 * The two things a node can be. A node is one thread around one memory; master and replica are
 * behaviours it switches between, because a failover turns one into the other while clients stay
 * connected. What a behaviour does is in src; here stands only what differs.
 */
import type { Core } from '../src/core/core.js';
import type { Keyspace } from '../src/keyspace/keyspace.js';
import type { Replicator } from '../src/replication/replicator.js';

/** What a behaviour works on. */
export interface NodeParts {
  readonly core: Core;
  readonly keyspace: Keyspace;
  readonly replicator: Replicator;
}

export interface Behaviour {
  readonly role: 'master' | 'replica';
  /** The node becomes this: before its next command. */
  enter(node: NodeParts): void;
  /**
   * The role's share of a cron turn; the clock is set.
   *
   * @returns whether it was cut short and wants to go on soon.
   */
  onCron(node: NodeParts): boolean;
}
