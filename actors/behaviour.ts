/**
 * A node's behaviour: what it does differently as master and as replica.
 *
 * A node never is two programs: a failover exchanges the behaviour (`become`) around the same
 * memory, clients and replication.
 */
import type { Keyspace } from '../src/keyspace/keyspace.js';

/** The parts of a node that a behaviour acts on. */
export interface NodeParts {
  readonly keyspace: Keyspace;
}

export interface NodeBehaviour {
  readonly role: 'master' | 'replica';
  /** The node has just taken this role. */
  enter(node: NodeParts): void;
}
