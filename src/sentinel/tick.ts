/**
 * One look at a master's group: watch every instance, then act.
 *
 * Redis does this ten times a second; here it follows every message about the group and every wake
 * that a rule asked for, so an answer is acted upon when it arrives.
 *
 * @see redis/redis 7.0 src/sentinel.c, sentinelHandleRedisInstance()
 */
import { considerCandidacy } from './election.js';
import { advanceFailover } from './failover.js';
import { takeBack } from './handover.js';
import { dropSilent, instancesOn, reconnect } from './links.js';
import { askOthers, checkObjectivelyDown } from './odown.js';
import { probe } from './probe.js';
import { checkSubjectivelyDown } from './sdown.js';
import { inFailover } from './state.js';
import type { Instance, LinkKey, Master } from './state.js';
import type { Turn } from './turn.js';

/** Apply every rule to a master, its replicas and the sentinels that watch it. */
export function sweep(turn: Turn, name: string): void {
  const master = turn.masters.get(name);
  if (master === undefined) return;
  visit(turn, master);
  for (const replica of turn.current(master).replicas.values()) visit(turn, replica);
  for (const peer of turn.current(master).sentinels.values()) visit(turn, peer);
  if (turn.tiltSince !== null) return;

  advanceFailover(turn, name);
  // The failover may have ended just now: open links to the new records at once.
  const after = turn.masters.get(name);
  if (after !== undefined && after.address !== master.address) sweep(turn, name);
}

/**
 * Look only at what uses this link: enough after a message that tells nothing but that it works,
 * as most do. When that turns an instance up or down, the whole group is looked at.
 */
export function glance(turn: Turn, key: LinkKey): void {
  for (const instance of instancesOn(turn, key)) {
    visit(turn, instance);
    const name = instance.kind === 'master' ? instance.name : instance.master;
    if (turn.has(instance) && turn.current(instance).sdown !== instance.sdown) sweep(turn, name);
  }
}

function visit(turn: Turn, instance: Instance): void {
  const acting = turn.tiltSince === null;
  if (acting) dropSilent(turn, instance);
  reconnect(turn, instance);
  probe(turn, instance);
  if (!acting) return;
  checkSubjectivelyDown(turn, turn.current(instance));
  if (instance.kind === 'master') act(turn, instance);
}

function act(turn: Turn, master: Master): void {
  takeBack(turn, turn.current(master));
  checkObjectivelyDown(turn, turn.current(master));
  considerCandidacy(turn, turn.current(master));
  const now = turn.current(master);
  // The edge from up to SDOWN is worth a question at once; after that, one per period.
  askOthers(turn, now, now.sdown && !master.sdown && !inFailover(now));
}
