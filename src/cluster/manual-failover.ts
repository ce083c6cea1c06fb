/**
 * A change of master by hand. A failover: as an operator does it, by asking a sentinel for it
 * (`SENTINEL FAILOVER`). A master that can be asked hands over, so that the next one has all that
 * was acknowledged (`COORDINATED`); one that cannot, and one outside, is told nothing.
 *
 * The sentinel needs no quorum for it, and fails for reasons that pass: another failover is not
 * over yet, no replica has reported lately. So it is asked again until the time is up.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { RingleaderError } from '../base/errors.js';
import { joinHostPort } from '../base/host-port.js';
import type { Millis } from '../base/time.js';
import { realClock } from '../io/clock.js';
import { ask, Channel } from './client/channel.js';
import { type Group, stopped } from './agreement.js';

/** ms between two requests. */
const ASK_EVERY_MS = 20;
/** ms for a sentinel's answer, before another one is asked. */
const ANSWER_MS = 500;

/**
 * Have another node made master; while an outside one is followed in a chain, the head.
 *
 * @param isMaster - whether the node that counts as master says that it is.
 * @throws RingleaderError NOT_READY: there is nothing to fail over to, or no sentinel to do it; or
 * the sentinels have chosen a replica outside.
 * @throws RingleaderError TIMEOUT, CLOSED
 */
export async function replaceMaster(
  group: Group,
  timeoutMs: Millis,
  isMaster: () => boolean,
): Promise<void> {
  const outside = group.outside();
  const before = outside === null ? group.master() : null;
  const isOver = (): boolean => group.outside() === null && group.master() !== before && isMaster();
  if (outside?.isWatched === false) {
    await detach(group, timeoutMs, isOver);
    return;
  }
  await failOver(group, timeoutMs, () => {
    const chosen = group.outside();
    if (chosen === null || chosen === outside) return isOver();
    const place = joinHostPort(chosen.host, chosen.port);
    throw new RingleaderError('NOT_READY', `a server outside, ${place}, is master now`);
  });
}

/**
 * @param isOver - whether another node has become master.
 * @throws RingleaderError NOT_READY: there is nothing to fail over to, or no sentinel to do it.
 * @throws RingleaderError TIMEOUT: no other master by then; the message has the sentinels' last
 * answer.
 */
async function failOver(group: Group, timeoutMs: Millis, isOver: () => boolean): Promise<void> {
  const { sentinels, replicas, name } = group.topology;
  if (sentinels === 0) throw notReady('the cluster has no sentinels');
  if (replicas === 0) throw notReady('the cluster has no replicas');
  const giveUpAt = realClock.monotonicMs() + timeoutMs;
  let answer = 'no sentinel answers';
  let isTaken = false;
  let handsOver = group.outside() === null;
  for (let turn = 0; !isOver(); turn++) {
    if (group.isStopped()) throw stopped();
    if (realClock.monotonicMs() >= giveUpAt) {
      throw new RingleaderError('TIMEOUT', `no other master within ${timeoutMs} ms: ${answer}`);
    }
    if (!isTaken) {
      const said = await askSentinel(group, turn, handsOver ? [name, 'COORDINATED'] : [name]);
      isTaken = said === 'OK';
      // The master is down, or no FAILOVER is known there, or no such word to the sentinel.
      if (handsOver && said?.startsWith('ERR ')) {
        handsOver = false;
        continue;
      }
      answer = isTaken ? 'a sentinel has begun, and not ended it' : (said ?? answer);
    }
    await sleep(isTaken ? 1 : ASK_EVERY_MS);
  }
}

/**
 * Follow the outside master no longer: the head becomes master, with what it has.
 *
 * @param isOver - whether it has.
 * @throws RingleaderError TIMEOUT, CLOSED
 */
async function detach(group: Group, timeoutMs: Millis, isOver: () => boolean): Promise<void> {
  const giveUpAt = realClock.monotonicMs() + timeoutMs;
  let askAt = 0;
  while (!isOver()) {
    if (group.isStopped()) throw new RingleaderError('CLOSED', 'the cluster was stopped');
    const now = realClock.monotonicMs();
    const { id } = group.master().spec;
    if (now >= giveUpAt) {
      throw new RingleaderError('TIMEOUT', `${id} is not master within ${timeoutMs} ms`);
    }
    if (now >= askAt) {
      askAt = now + ANSWER_MS; // It may be starting again, or stand still.
      void askToBeMaster(group, id);
    }
    await sleep(1);
  }
}

async function askToBeMaster(group: Group, id: string): Promise<void> {
  const port = group.connect(id);
  if (port === null) return;
  const channel = new Channel(port);
  const password = group.topology.config['requirepass'];
  if (password) void ask(channel, 'AUTH', password);
  await inTime(ask(channel, 'REPLICAOF', 'NO', 'ONE'));
  channel.close();
}

/** @returns what one of those that are up says; null: nothing in time, or there is none. */
async function askSentinel(
  group: Group,
  turn: number,
  args: readonly string[],
): Promise<string | null> {
  const up = group.records().filter(({ kind, state }) => kind === 'sentinel' && state === 'up');
  const sentinel = up[turn % Math.max(1, up.length)];
  const port = sentinel === undefined ? null : group.connect(sentinel.spec.id);
  if (port === null) return null;
  const channel = new Channel(port);
  const reply = await inTime(ask(channel, 'SENTINEL', 'FAILOVER', ...args));
  channel.close();
  return reply?.type === 'simple' || reply?.type === 'error' ? reply.text : null;
}

/** @returns null: there is no answer in `ANSWER_MS`. No timer is left behind. */
async function inTime<T>(answer: Promise<T>): Promise<T | null> {
  const answered = new AbortController();
  try {
    const time = sleep(ANSWER_MS, null, { signal: answered.signal }).catch(() => null);
    return await Promise.race([answer, time]);
  } finally {
    answered.abort();
  }
}

function notReady(why: string): RingleaderError {
  return new RingleaderError('NOT_READY', `cannot fail over: ${why}`);
}
