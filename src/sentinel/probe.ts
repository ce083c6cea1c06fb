/**
 * Ask every instance whether it lives (PING) and every node what it is (INFO), periodically.
 *
 * @see redis/redis 7.0 src/sentinel.c, sentinelSendPeriodicCommands(), sentinelPingReplyCallback()
 */
import type { Millis } from '../base/time.js';
import type { Reply } from '../resp/reply.js';
import { sendHello } from './hello.js';
import type { LinkKey } from './link-key.js';
import { instancesOn, masterOn, send, sendPing } from './links.js';
import { pingPeriod, type SentinelProfile } from './profile.js';
import { canSend, inFailover } from './state.js';
import type { Instance, Link, Master, Replica } from './state.js';
import type { Turn } from './turn.js';

/** Beyond this many unanswered commands a link gets no more of them. */
const MAX_PENDING_COMMANDS = 100;

/** An INFO not answered within this is asked again. */
export const INFO_RETRY_MS: Millis = 1000;

/** INFO period of the replica that a master is handing over to: writes wait meanwhile. */
const HANDOVER_INFO_MS: Millis = 20;

/** What is due within this part of its period is sent now, so that one wake serves many. */
const SLACK = 0.2;

/** Send what is due on an open link. */
export function probe(turn: Turn, instance: Instance): void {
  const link = turn.link(instance.link);
  if (!canSend(link) || link.pendingCommands >= MAX_PENDING_COMMANDS) return;
  if (instance.kind !== 'sentinel') probeInfo(turn, instance);

  const profile = turn.profileOf(instance.link);
  const periodMs = pingPeriod(profile, instance.downAfterMs);
  const pingMs = link.beats ? restingPeriod(profile, periodMs) : periodMs;
  const pingAt = pingDueAt(profile, link, pingMs);
  if (turn.now + periodMs * SLACK >= pingAt) {
    sendPing(turn, instance.link);
    turn.setLink(instance.link, { pingedBy: turn.masterOf(instance).name, pingedEachMs: periodMs });
    turn.wakeBy(pingDueAt(profile, turn.link(instance.link), pingMs));
  } else if (!isPingedByOther(turn, instance, periodMs)) turn.wakeBy(pingAt);

  const usualMs = profile.helloPeriodMs;
  const helloPeriodMs = instance.kind === 'master' ? afterNews(turn, instance, usualMs) : usualMs;
  const helloAt = (instance.helloSentAt ?? -Infinity) + helloPeriodMs;
  const slackMs = Math.min(periodMs, helloPeriodMs) * SLACK;
  if (isDue(turn, instance, helloAt, helloPeriodMs, slackMs)) {
    sendHello(turn, instance);
    turn.wakeBy(turn.now + helloPeriodMs);
  }
}

/**
 * Whether the group of another master sees to it that a link that both share is pinged often
 * enough: one wake is enough for hundreds of masters.
 */
function isPingedByOther(turn: Turn, instance: Instance, periodMs: Millis): boolean {
  const { pingedBy, pingedEachMs } = turn.link(instance.link);
  if (pingedBy === null || pingedBy === turn.masterOf(instance).name) return false;
  return pingedEachMs <= periodMs && turn.masters.has(pingedBy);
}

/** Whether it is time for what is sent once a period; if not, there will be a wake for it. */
function isDue(
  turn: Turn,
  { link, downAfterMs }: Instance,
  dueAt: Millis,
  periodMs: Millis,
  slackMs: Millis,
): boolean {
  const profile = turn.profileOf(link);
  const pingMs = pingPeriod(profile, downAfterMs);
  const restMs = restingPeriod(profile, pingMs);
  if (!turn.link(link).beats || periodMs < restMs) {
    if (turn.now + slackMs >= dueAt) return true;
    turn.wakeBy(dueAt);
    return false;
  }
  // Where nothing happens, all that is due leaves with the ping that is nearest, to all instances
  // and from all sentinels of the process: a wake of its own would cost more than all it sends.
  const isPingTime = (turn.now + pingMs * SLACK) % restMs < 2 * pingMs * SLACK;
  return turn.now + (isPingTime ? restMs / 2 : -restMs / 2) >= dueAt;
}

/**
 * While the host hears the heart at the other end, a PING finds nothing sooner than the host does:
 * one now and then is enough, at a multiple of the period at which all sentinels wake.
 */
function restingPeriod({ maxPingPeriodMs }: SentinelProfile, periodMs: Millis): Millis {
  return periodMs * Math.max(1, Math.floor(maxPingPeriodMs / periodMs));
}

/** When the link is to be pinged next; what a reply changes is told by the next look. */
function pingDueAt({ pingsInStep }: SentinelProfile, link: Link, periodMs: Millis): Millis {
  const { pingSentAt } = link;
  if (!pingsInStep) return Math.max(link.lastReplyAt + periodMs, (pingSentAt ?? 0) + periodMs / 2);
  if (pingSentAt === null) return -Infinity;
  // The next whole multiple of the period; one sent a little before its moment stands for that.
  return (Math.floor((pingSentAt + periodMs * SLACK) / periodMs) + 1) * periodMs;
}

function probeInfo(turn: Turn, node: Master | Replica): void {
  const retryAt = (node.infoAskedAt ?? -Infinity) + INFO_RETRY_MS;
  const periodMs = infoPeriod(turn, node);
  const periodAt = (node.infoAt ?? -Infinity) + periodMs;
  const dueAt = Math.max(retryAt, periodAt);
  // With the ping that is due about now, rather than in a wake of its own.
  const profile = turn.profileOf(node.link);
  const pingMs = pingPeriod(profile, node.downAfterMs);
  const slackMs = profile.pingsInStep ? SLACK * Math.min(pingMs, periodMs) : 0;
  if (node.infoWanted || isDue(turn, node, dueAt, periodMs, slackMs)) askInfo(turn, node);
}

/** So many masters are asked for news as often as one alone; of more, each more seldom. */
const FEW_MASTERS = 8;

/** The period for what may find something new: shorter, the shorter ago something was found. */
function afterNews(turn: Turn, { link, newsAt }: Master, usualMs: Millis): Millis {
  const ageMs = turn.now - newsAt;
  const crowd = Math.max(1, turn.masters.size / FEW_MASTERS);
  return Math.min(usualMs, Math.max(turn.profileOf(link).discoveryPeriodMs * crowd, ageMs / 2));
}

/** Send INFO now. */
export function askInfo(turn: Turn, node: Master | Replica): void {
  turn.update<Master | Replica>(node, { infoAskedAt: turn.now, infoWanted: false });
  send(turn, node.link, ['INFO'], 'info');
  turn.wakeBy(turn.now + INFO_RETRY_MS);
}

/**
 * Replicas are watched closely while their master is down, since another sentinel or a person may
 * promote one, and while they have no link to their master, for a fresh figure of how long. Ours:
 * also while they claim to be a master that no sentinel promoted, so that the grace ends on time.
 */
function infoPeriod(turn: Turn, node: Master | Replica): Millis {
  const profile = turn.profileOf(node.link);
  if (node.kind === 'master') return afterNews(turn, node, profile.infoPeriodMs);
  const master = turn.masterOf(node);
  if (inFailover(master)) {
    const isAwaited = master.coordinated && master.promoted === node.name;
    return isAwaited ? HANDOVER_INFO_MS : profile.failoverInfoPeriodMs;
  }
  const close = master.odown || node.masterLinkDownMs > 0 || node.roleReported === 'master';
  return close ? profile.downInfoPeriodMs : profile.infoPeriodMs;
}

/** A master that has started anew is not down for that: it answers. */
function noteLife(turn: Turn, key: LinkKey): void {
  const master = masterOn(turn, key);
  if (master?.link === key && master.rebootedAt !== null) turn.update(master, { rebootedAt: null });
}

/** Take the reply to a PING. Any reply shows that the link works, but not every one a sane peer. */
export function onPingReply(turn: Turn, key: LinkKey, value: Reply): void {
  const text = value.type === 'simple' || value.type === 'error' ? value.text : '';
  if (/^(?:PONG|LOADING|MASTERDOWN)/.test(text)) {
    const { now } = turn;
    const valid = { lastValidReplyAt: now, pingPendingSince: null, knownDead: false };
    turn.setLink(key, { lastReplyAt: now, ...valid });
    if (text.startsWith('PONG')) noteLife(turn, key);
    return;
  }
  turn.setLink(key, { lastReplyAt: turn.now });
  if (text.startsWith('BUSY')) {
    for (const instance of instancesOn(turn, key)) {
      if (!instance.sdown || instance.scriptKillSent) continue;
      send(turn, key, ['SCRIPT', 'KILL'], 'ignored');
      turn.update(instance, { scriptKillSent: true });
    }
  }
}
