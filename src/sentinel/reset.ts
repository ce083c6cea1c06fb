/**
 * Start over with a master: under a new address after a failover, or from nothing on SENTINEL
 * RESET.
 *
 * Votes are not reset: `leaderEpoch` stays, so that no sentinel votes twice in an epoch.
 *
 * @see redis/redis 7.0 src/sentinel.c, sentinelResetMaster(), sentinelResetMasterAndChangeAddress()
 */
import type { Address } from '../base/address.js';
import { announce } from './events.js';
import type { LinkKey } from './link-key.js';
import { disconnect, drop, release } from './links.js';
import { formatAddress, newMaster, newReplica } from './state.js';
import type { Master, Peer } from './state.js';
import type { Turn } from './turn.js';

/** Watch the master at its new address; the old one joins the replicas, to be reconfigured. */
export function changeAddress(turn: Turn, master: Master, address: Address): void {
  const addresses = [...turn.current(master).replicas.values()]
    .map((replica) => replica.address)
    .filter((known) => !turn.same(known, address));
  if (!turn.same(master.address, address)) addresses.push(master.address);

  // The links start fresh, but a thread that ended has not come back because of a failover.
  const dead = new Set<LinkKey>();
  for (const { link } of turn.group(master.name)) if (turn.link(link).knownDead) dead.add(link);

  const fresh = renew(turn, master, address, turn.current(master).sentinels);
  for (const known of addresses) {
    const replica = newReplica(fresh, known, turn.now, formatAddress(turn.shown(known)));
    turn.put(replica);
    announce(turn, '+slave', replica);
  }
  for (const key of dead) if (turn.links.has(key)) turn.setLink(key, { knownDead: true });
  turn.persist();
}

/** SENTINEL RESET: forget replicas, sentinels and any failover. */
export function resetMaster(turn: Turn, master: Master): void {
  announce(turn, '+reset-master', renew(turn, master, master.address, new Map()));
  turn.persist();
}

/** SENTINEL REMOVE: forget it altogether. */
export function removeMaster(turn: Turn, master: Master): void {
  const group = [...turn.group(master.name)];
  turn.removeMaster(master.name);
  for (const { link } of group) release(turn, link);
}

/** Replace a master by a record that keeps configuration and votes only. */
function renew(
  turn: Turn,
  master: Master,
  address: Address,
  sentinels: ReadonlyMap<string, Peer>,
): Master {
  const old = turn.current(master);
  const group = [...turn.group(master.name)];
  // What they said about the old master says nothing about the new one.
  const kept = [...sentinels].map(([id, peer]): [string, Peer] => [
    id,
    { ...peer, masterDown: false, askedAt: null },
  ]);
  const fresh: Master = {
    ...newMaster(old.name, address, old.quorum, turn.now),
    downAfterMs: old.downAfterMs,
    parallelSyncs: old.parallelSyncs,
    failoverTimeoutMs: old.failoverTimeoutMs,
    authPass: old.authPass,
    authUser: old.authUser,
    notificationScript: old.notificationScript,
    clientReconfigScript: old.clientReconfigScript,
    renamedCommands: old.renamedCommands,
    rebootDownAfterMs: old.rebootDownAfterMs,
    configEpoch: old.configEpoch,
    leaderEpoch: old.leaderEpoch,
    failoverEpoch: old.failoverEpoch,
    sentinels: new Map(kept),
  };
  for (const { kind, link } of group) if (kind !== 'sentinel') drop(turn, link);
  turn.put(fresh);
  for (const { kind, link } of group) if (kind === 'sentinel') release(turn, link);
  return turn.current(fresh);
}

/** Close all of a group's connections to nodes, to open them anew with other credentials. */
export function disconnectNodes(turn: Turn, master: Master): void {
  for (const instance of turn.group(master.name)) {
    if (instance.kind !== 'sentinel') disconnect(turn, instance.link);
  }
}
