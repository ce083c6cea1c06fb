/** What a replica's link tells, and asks, the node. */
import type { Address } from '../base/address.js';

export interface LinkOwner {
  /** That is the master that is followed, or tried; null: this node follows none. */
  onMaster(master: Address | null): void;
  /** The history this node is in. */
  replid(): string;
  /** The master continues our history under this id. Returns once the node has taken it over. */
  onContinue(replid: string): void;
  /** A full sync takes the data's place: this node's own replicas cannot follow. */
  onFullSyncStart(): void;
  /** The keyspace is that of the master's history at `offset`. */
  onFullSyncEnd(replid: string, offset: number): void;
  /** Something was applied and published. */
  onApplied(): void;
  /** The master serves this node, or has refused to. */
  onAnswer(isServed: boolean): void;
  /** In a strict cluster: the master wants this promise. */
  onBallot(ballot: number): void;
  /** In a strict cluster: a master with this ballot has confirmed all up to here. */
  onMark(ballot: number): void;
}
