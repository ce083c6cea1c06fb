/** Makers of commands on hashes and sets (commands.ts). What draws at random draws all there is. */
import type { Maker } from './words.js';
import type { Words } from './words.js';

const hash = (w: Words): string => w.keyOf('hash');
const set = (w: Words): string => w.keyOf('set');
const ALL = '100000';

const field: Maker = { args: (w) => [hash(w), w.member()] };
const fields: Maker = { args: (w) => [hash(w), ...w.some(1, 4, () => [w.member()])] };
const pairs: Maker = {
  weight: 6,
  args: (w) => [
    hash(w),
    ...w.some(1, w.chance(0.05) ? 200 : 5, () => [w.member(), w.memberOrValue()]),
    ...w.maybe(0.02, 'odd'),
  ],
};
const oneHash: Maker = { args: (w) => [hash(w)] };
const oneSet: Maker = { args: (w) => [set(w)] };
const sets: Maker = { weight: 2, args: (w) => w.some(1, 4, () => [set(w)]) };
const members: Maker = {
  weight: 4,
  args: (w) => [set(w), ...w.some(1, w.chance(0.04) ? 200 : 6, () => [w.member()])],
};

function scan(key: (w: Words) => string): Maker {
  return {
    args: (w) => [
      key(w),
      w.chance(0.9) ? '0' : w.pick(['1', 'x', '', '-1']),
      ...w.maybe(0.8, w.word('COUNT'), w.chance(0.95) ? '1000' : w.pick(['0', 'x', '-1'])),
      ...w.maybe(0.3, w.word('MATCH'), w.pick(['*', '1*', '[a-c]', 'f?', ''])),
      ...w.maybe(0.03, w.word('TYPE'), 'string'),
    ],
  };
}

function store(w: Words): string[] {
  return [w.chance(0.9) ? set(w) : w.key(), ...w.some(1, 3, () => [set(w)])];
}

export const HASH_SET_MAKERS: Readonly<Record<string, Maker>> = {
  hdel: { weight: 3, ...fields },
  hexists: field,
  hget: { weight: 2, ...field },
  hgetall: { weight: 2, ...oneHash },
  hincrby: { weight: 3, args: (w) => [hash(w), w.member(), w.integer()] },
  hincrbyfloat: { weight: 2, args: (w) => [hash(w), w.member(), w.float()] },
  hkeys: oneHash,
  hlen: oneHash,
  hmget: fields,
  hmset: pairs,
  hrandfield: {
    args: (w) => [
      hash(w),
      w.chance(0.8) ? ALL : w.pick(['0', 'x', '-9223372036854775808']),
      ...w.maybe(0.5, w.word('WITHVALUES', 'WITHVALUES', 'BAD')),
    ],
  },
  hscan: scan(hash),
  hset: pairs,
  hsetnx: { args: (w) => [hash(w), w.member(), w.memberOrValue()] },
  hstrlen: field,
  hvals: oneHash,
  sadd: members,
  scard: oneSet,
  sdiff: sets,
  sdiffstore: { args: store },
  sinter: sets,
  sintercard: {
    args: (w) => {
      const keys = w.some(1, 3, () => [set(w)]);
      const count = w.chance(0.9) ? String(keys.length) : w.integer();
      return [count, ...keys, ...w.maybe(0.4, w.word('LIMIT'), w.integer())];
    },
  },
  sinterstore: { args: store },
  sismember: { args: (w) => [set(w), w.member()] },
  smembers: { weight: 2, ...oneSet },
  smismember: { args: (w) => [set(w), ...w.some(1, 4, () => [w.member()])] },
  smove: { weight: 2, args: (w) => [set(w), set(w), w.member()] },
  spop: {
    weight: 0.3,
    args: (w) => [set(w), w.chance(0.7) ? ALL : w.pick(['0', 'x', '-1', '1.5'])],
  },
  srandmember: { args: (w) => [set(w), w.chance(0.8) ? ALL : w.pick(['0', 'x'])] },
  srem: { weight: 3, args: (w) => [set(w), ...w.some(1, 5, () => [w.member()])] },
  sscan: scan(set),
  sunion: sets,
  sunionstore: { args: store },
};
