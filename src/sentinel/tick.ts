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
import { type LinkKey, sentinelOfLink } from './link-key.js';
import { dropSilent, firstOn, instancesOn, reconnect } from './links.js';
import { askOthers, checkObjectivelyDown } from './odown.js';
import { probe } from './probe.js';
import { checkSubjectivelyDown } from './sdown.js';
import { inFailover } from './state.js';
import type { Instance, Master, Peer } from './state.js';
import type { Turn } from './turn.js';

/** Apply every rule to a master, its replicas and the sentinels that watch it, and no other. */
export function sweep(turn: Turn, name: string): void {
  turn.lookAt(name, true, () => sweepGroup(turn, name));
}

function sweepGroup(turn: Turn, name: string): void {
  const master = turn.masters.get(name);
  if (master === undefined) return;
  visit(turn, master);
  for (const replica of turn.current(master).replicas.values()) visit(turn, replica);
  for (const peer of turn.current(master).sentinels.values()) visit(turn, peer);
  if (turn.tiltSince !== null) return;

  advanceFailover(turn, name);
  // The failover may have ended just now: open links to the new records at once.
  const after = turn.masters.get(name);
  if (after !== undefined && after.address !== master.address) sweepGroup(turn, name);
}

/**
 * Look only at what uses this link: enough after a message that tells nothing but that it works,
 * as most do. When that turns an instance up or down, the whole group is looked at.
 */
export function glance(turn: Turn, key: LinkKey): void {
  const instances = concernedBy(turn, key);
  for (const instance of instances) {
    const name = instance.kind === 'master' ? instance.name : instance.master;
    turn.lookAt(name, false, () => visit(turn, instance));
    if (turn.has(instance) && turn.current(instance).sdown !== instance.sdown) sweep(turn, name);
  }
  const isMissed = turn.links.get(key)?.isMissed === true;
  if (isMissed && !instances.some((instance) => isDown(turn, instance))) {
    turn.setLink(key, { isMissed: false });
  }
}

const isDown = (turn: Turn, instance: Instance): boolean =>
  turn.has(instance) && turn.current(instance).sdown;

/**
 * A word of a sentinel that no group holds to be down changes nothing but the link, which is tended
 * by the group that has it pinged, or any while none has; the others have wakes for what they send.
 * With hundreds of masters, a look at all of them for each word would be most of the work.
 */
function concernedBy(turn: Turn, key: LinkKey): readonly Instance[] {
  const runid = sentinelOfLink(key);
  const link = turn.links.get(key);
  if (runid === null || link === undefined || link.isMissed) return instancesOn(turn, key);
  const pinger = link.pingedBy === null ? undefined : turn.masters.get(link.pingedBy);
  const peer = pinger?.sentinels.get(runid) ?? firstOn(turn, key);
  return peer === null ? [] : [peer];
}

function visit(turn: Turn, instance: Instance): void {
  const acting = turn.tiltSince === null;
  if (acting && turn.isTick) dropSilent(turn, instance);
  reconnect(turn, instance);
  probe(turn, instance);
  if (!acting) return;
  checkSubjectivelyDown(turn, turn.current(instance));
  if (instance.kind === 'sentinel' && turn.current(instance).sdown !== instance.sdown) {
    tellOthers(turn, instance);
  }
  if (instance.kind === 'master') act(turn, instance);
}

/** The link to a sentinel is shared: whoever else uses it has to look as well. */
function tellOthers(turn: Turn, { link }: Peer): void {
  for (const instance of instancesOn(turn, link)) {
    turn.lookAt(turn.masterOf(instance).name, false, () => turn.wakeBy(turn.now));
  }
}

function act(turn: Turn, master: Master): void {
  takeBack(turn, turn.current(master));
  checkObjectivelyDown(turn, turn.current(master));
  considerCandidacy(turn, turn.current(master));
  const now = turn.current(master);
  // The edge from up to SDOWN is worth a question at once; after that, one per period.
  askOthers(turn, now, now.sdown && !master.sdown && !inFailover(now));
}
