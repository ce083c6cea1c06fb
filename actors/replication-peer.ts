/** A peer as replication sees it. */
import type { ReplicationPeer } from '../src/replication/environment.js';
import type { Peer } from '../src/runtime/router.js';

export function asReplicationPeer(peer: Peer): ReplicationPeer;
export function asReplicationPeer(peer: Peer | undefined): ReplicationPeer | undefined;
export function asReplicationPeer(peer: Peer | undefined): ReplicationPeer | undefined {
  return peer; // The object itself: its fields follow the peer's restarts.
}
