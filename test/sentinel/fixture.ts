/**
 * Records for tests of single rules: a master, its link, and a turn on a clock that stands still.
 */
import { Prng } from '../../src/base/prng.js';
import type { Millis } from '../../src/base/time.js';
import { parseConfig } from '../../src/sentinel/config-file.js';
import { fastProfile, redisProfile } from '../../src/sentinel/profile.js';
import type { SentinelProfile } from '../../src/sentinel/profile.js';
import { start } from '../../src/sentinel/start.js';
import type { SentinelState } from '../../src/sentinel/state.js';
import { Turn } from '../../src/sentinel/turn.js';

export const MYID = 'a'.repeat(40);
export const OTHER = 'b'.repeat(40);
export const THIRD = 'c'.repeat(40);
export { fastProfile, redisProfile };

/** A group of one master, two replicas and two other sentinels, as read from a file. */
export const FILE = `sentinel myid ${MYID}
sentinel monitor mymaster 127.0.0.1 6379 2
sentinel down-after-milliseconds mymaster 1000
sentinel known-replica mymaster 127.0.0.1 6380
sentinel known-replica mymaster 127.0.0.1 6381
sentinel known-sentinel mymaster 127.0.0.1 26380 ${OTHER}
sentinel known-sentinel mymaster 127.0.0.1 26381 ${THIRD}
`;

export function startState(file = FILE, profile: SentinelProfile = redisProfile): SentinelState {
  const address = { host: '127.0.0.1', port: 26_379 };
  const env = { now: 0, random: new Prng(1) };
  return start({ file: parseConfig(file), address, profile }, env).state;
}

/** @returns a turn at this time, after some message. */
export function turnAt(now: Millis, state: SentinelState = startState()): Turn {
  return new Turn(state, { now, random: new Prng(1) }, false);
}
