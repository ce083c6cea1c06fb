/**
 * SDOWN: this sentinel, on its own, believes that an instance is down.
 *
 * One opinion moves nothing: a quorum of them makes ODOWN (odown.ts), and only ODOWN starts a
 * failover.
 *
 * @see redis/redis 7.0 src/sentinel.c, sentinelCheckSubjectivelyDown()
 */
import { assert } from '../base/assert.js';
import type { Millis } from '../base/time.js';
import { announce } from './events.js';
import { canSend } from './state.js';
import type { Instance, Link } from './state.js';
import type { Turn } from './turn.js';

/**
 * Decide whether the instance is down for this sentinel.
 *
 * @param demotedGraceMs - beside down-after, for a master that calls itself a replica.
 * @returns `down`, and when not, the earliest moment at which silence alone would make it so;
 * Infinity when a new PING has to go unanswered first.
 */
export function judge(
  instance: Instance,
  link: Link,
  demotedGraceMs: Millis,
  now: Millis,
): { readonly down: boolean; readonly limitAt: Millis } {
  assert(instance.downAfterMs > 0);
  if (link.knownDead) return { down: true, limitAt: now };

  // A ping in flight dates the silence. With no ping and no link there is no way left to ask, so
  // count from the last valid reply: otherwise a dead link looks healthy forever.
  let silentSince: Millis | null = link.pingPendingSince;
  if (silentSince === null && !canSend(link)) silentSince = link.lastValidReplyAt;
  let limitAt = silentSince === null ? Infinity : silentSince + instance.downAfterMs;

  // A master that keeps calling itself a replica is as good as gone. The grace gives a
  // failover leader time to announce the new configuration first.
  if (instance.kind === 'master' && instance.roleReported === 'replica') {
    const graceMs = instance.downAfterMs + demotedGraceMs;
    limitAt = Math.min(limitAt, instance.roleReportedAt + graceMs);
  }
  // A master that has started anew within down-after, and is still loading its data: a replica may
  // be ready sooner.
  if (instance.kind === 'master' && instance.rebootedAt !== null) {
    limitAt = Math.min(limitAt, instance.rebootedAt + instance.rebootDownAfterMs);
  }
  return { down: now > limitAt, limitAt };
}

/**
 * Update the instance's SDOWN; the event is emitted on the edge only.
 *
 * Silence is found in a tick only. A sentinel that had to wait for a processor has answers to read:
 * a message among them must not turn those down whose answers come after it.
 */
export function checkSubjectivelyDown(turn: Turn, instance: Instance): void {
  const link = turn.link(instance.link);
  const { demotedGraceMs } = turn.profileOf(instance.link);
  const { down, limitAt } = judge(instance, link, demotedGraceMs, turn.now);
  if (!down && limitAt < Infinity) turn.wakeBy(limitAt + 1);
  if (down === instance.sdown) return;
  if (down && !link.knownDead && !turn.isTick) return turn.wakeBy(turn.now);
  announce(turn, down ? '+sdown' : '-sdown', instance);
  if (down && instance.kind === 'sentinel') turn.setLink(instance.link, { isMissed: true });
  if (down) turn.update(instance, { sdown: true, sdownSince: turn.now });
  else turn.update(instance, { sdown: false, scriptKillSent: false });
}
