/**
 * A node's behaviour: what it does differently as master and as replica.
 *
 * A node never is two programs: a failover exchanges the behaviour (`become`) around the same
 * memory, clients and replication.
 */
import type { Keyspace } from '../src/keyspace/keyspace.js';
import type { Core } from '../src/core/core.js';

/** The parts of a node that a behaviour acts on. */
export interface NodeParts {
  readonly core: Core;
  readonly keyspace: Keyspace;
  /** Whether expired keys are to be looked for; DEBUG SET-ACTIVE-EXPIRE. */
  expiresActively(): boolean;
  /** Let replicas see what was appended; a fence found here is dealt with. */
  publish(): void;
  /** Run after what is queued in this turn of the loop, I/O included. */
  soon(task: () => void): void;
}

export interface NodeBehaviour {
  readonly role: 'master' | 'replica';
  /** The node has just taken this role. */
  enter(node: NodeParts): void;
  /** Ten times a second. */
  cron(node: NodeParts): void;
}
