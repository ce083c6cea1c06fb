/** Clients that wait for elements: what they are given goes down a chain as if they had not waited. */
import type { Prng } from '../../src/base/prng.js';

/** What waits, and what ends the waiting. */
type Wait = readonly [waiting: readonly string[], given: readonly string[]];

const LIST = ['RPUSH', 'waited:list', 'x', 'y'];
const ZSET = ['ZADD', 'waited:zset', '1', 'a', '2', 'b'];
const STREAM = ['XADD', 'waited:stream', '*', 'field', 'value'];

const WAITS: readonly Wait[] = [
  [['BLPOP', 'waited:list', '0'], LIST],
  [['BRPOP', 'waited:none', 'waited:list', '0'], LIST],
  [['BLMOVE', 'waited:list', 'served', 'LEFT', 'RIGHT', '0'], LIST],
  [['BRPOPLPUSH', 'waited:list', 'served', '0'], LIST],
  [['BLMPOP', '0', '1', 'waited:list', 'RIGHT', 'COUNT', '2'], LIST],
  [['BZPOPMIN', 'waited:zset', '0'], ZSET],
  [['BZPOPMAX', 'waited:zset', '0'], ZSET],
  [['BZMPOP', '0', '1', 'waited:zset', 'MAX', 'COUNT', '2'], ZSET],
  [['XREADGROUP', 'GROUP', 'g', 'c', 'BLOCK', '0', 'STREAMS', 'waited:stream', '>'], STREAM],
];

/** Makes the group that is read with; an error where there is one. */
export const PREPARE = ['XGROUP', 'CREATE', 'waited:stream', 'g', '0', 'MKSTREAM'];

export function waitCall(random: Prng): Wait {
  return WAITS[random.below(WAITS.length)]!;
}
