/**
 * A failover by hand: as an operator does it, by asking a sentinel for it (`SENTINEL FAILOVER`).
 *
 * The sentinel needs no quorum for it, and fails for reasons that pass: another failover is not over
 * yet, no replica has reported lately. So it is asked again until the time is up.
 */
import { RingleaderError } from '../base/errors.js';
import type { Millis } from '../base/time.js';
import { realClock } from '../io/clock.js';
import { ask, Channel } from './channel.js';
import { type Group, stopped } from './agreement.js';

/** ms between two requests. */
const ASK_EVERY_MS = 20;
/** ms for a sentinel's answer, before another one is asked. */
const ANSWER_MS = 500;

/**
 * @param isOver - whether another node has become master.
 * @throws RingleaderError NOT_READY: there is nothing to fail over to, or nobody to do it.
 * @throws RingleaderError TIMEOUT: no other master by then; the message has the sentinels' last answer.
 */
export async function failOver(
  group: Group,
  timeoutMs: Millis,
  isOver: () => boolean,
): Promise<void> {
  const { sentinels, replicas, name } = group.topology;
  if (sentinels === 0) throw notReady('the cluster has no sentinels');
  if (replicas === 0) throw notReady('the cluster has no replicas');
  const giveUpAt = realClock.monotonicMs() + timeoutMs;
  let answer = 'no sentinel answers';
  let isTaken = false;
  for (let turn = 0; !isOver(); turn++) {
    if (group.isStopped()) throw stopped();
    if (realClock.monotonicMs() >= giveUpAt) {
      throw new RingleaderError('TIMEOUT', `no other master within ${timeoutMs} ms: ${answer}`);
    }
    if (!isTaken) {
      const said = await askSentinel(group, turn, name);
      isTaken = said === 'OK';
      answer = isTaken ? 'a sentinel has begun, and not ended it' : (said ?? answer);
    }
    await sleep(isTaken ? 1 : ASK_EVERY_MS);
  }
}

/** @returns what one of those that are up says; null: nothing in time, or there is none. */
async function askSentinel(group: Group, turn: number, name: string): Promise<string | null> {
  const up = group.records().filter(({ kind, state }) => kind === 'sentinel' && state === 'up');
  const sentinel = up[turn % Math.max(1, up.length)];
  const port = sentinel === undefined ? null : group.connect(sentinel.spec.id);
  if (port === null) return null;
  const channel = new Channel(port);
  const reply = await Promise.race([
    ask(channel, 'SENTINEL', 'FAILOVER', name),
    sleep(ANSWER_MS).then(() => null),
  ]);
  channel.close();
  return reply?.type === 'simple' || reply?.type === 'error' ? reply.text : null;
}

function notReady(why: string): RingleaderError {
  return new RingleaderError('NOT_READY', `cannot fail over: ${why}`);
}

function sleep(delayMs: Millis): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, delayMs);
  });
}
