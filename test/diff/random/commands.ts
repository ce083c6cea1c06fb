/**
 * One maker per command: its arguments, mostly valid. What a server does not have is not made, so
 * the streams grow with it; a command without a maker here gets random keys and values.
 *
 * Weights are about how often a command comes; what creates keys comes often, what deletes them all
 * seldom.
 */
import { HASH_SET_MAKERS } from './hash-set-makers.js';
import { LIST_MAKERS } from './list-commands.js';
import { payload } from './payload.js';
import { SORTED_SET_MAKERS } from './sorted-sets.js';
import { STREAM_MAKERS } from './stream-commands.js';
import type { Maker, Words } from './words.js';

const oneKey: Maker = { args: (w) => [w.key()] };
const keys: Maker = { args: (w) => w.some(1, 3, () => [w.key()]) };
const pairs: Maker = { weight: 3, args: (w) => w.some(1, 3, () => [w.key(), w.value()]) };
const keyInteger: Maker = { weight: 2, args: (w) => [w.key(), w.integer()] };
const keyValue: Maker = { weight: 2, args: (w) => [w.key(), w.value()] };
const nothing: Maker = { args: () => [] };

const restored: Maker = {
  weight: 3,
  args: (w) => {
    const isAbsolute = w.chance(0.3);
    const ttl = w.chance(0.5) ? '0' : isAbsolute ? w.unixMilliseconds() : w.milliseconds();
    const dumped = w.dumped();
    return [
      dumped !== null && w.chance(0.9) ? dumped.key : w.key(),
      ttl,
      dumped === null ? payload(w) : dumped.payload,
      ...w.maybe(0.5, w.word('REPLACE')),
      ...(isAbsolute ? [w.word('ABSTTL')] : []),
      ...w.maybe(0.1, w.word('IDLETIME', 'FREQ'), w.pick(['0', '1000', '-1', '255', '256', 'x'])),
    ];
  },
};

/** One of the options that say when a key expires. */
function expiry(w: Words, ...more: readonly string[]): string[] {
  const option = w.word('EX', 'PX', 'EXAT', 'PXAT', ...more);
  switch (option.toUpperCase()) {
    case 'EX':
      return [option, w.seconds()];
    case 'PX':
      return [option, w.milliseconds()];
    case 'EXAT':
      return [option, w.unixSeconds()];
    case 'PXAT':
      return [option, w.unixMilliseconds()];
    default:
      return [option];
  }
}

function expire(time: (w: Words) => string): Maker {
  return {
    weight: 2,
    args: (w) => [
      w.key(),
      time(w),
      ...w.some(0, w.chance(0.1) ? 3 : 1, () => [w.word('NX', 'XX', 'GT', 'LT')]),
    ],
  };
}

function bitfieldOffset(w: Words): string {
  return `${w.chance(0.3) ? '#' : ''}${w.bitOffset()}`;
}

function bitfieldType(w: Words): string {
  if (w.chance(0.08)) return w.pick(['u64', 'i65', 'i0', 'u0', 'x8', '8', '', 'u', 'u-1', 'i08']);
  return `${w.pick(['u', 'i'])}${1 + w.below(w.chance(0.5) ? 16 : 63)}`;
}

function bitfieldOperation(w: Words, isReadOnly: boolean): string[] {
  const overflow = w.maybe(0.3, w.word('OVERFLOW'), w.word('WRAP', 'SAT', 'FAIL', 'NONE'));
  const get = [w.word('GET'), bitfieldType(w), bitfieldOffset(w)];
  if (isReadOnly ? w.chance(0.9) : w.chance(0.3)) return get;
  return [...overflow, w.word('SET', 'INCRBY'), bitfieldType(w), bitfieldOffset(w), w.integer()];
}

function bit(w: Words): string {
  return w.chance(0.9) ? w.pick(['0', '1']) : w.pick(['2', '-1', 'x']);
}

export const MAKERS: Readonly<Record<string, Maker>> = {
  ...HASH_SET_MAKERS,
  ...LIST_MAKERS,
  ...SORTED_SET_MAKERS,
  ...STREAM_MAKERS,
  append: { weight: 2, args: (w) => [w.key(), w.chance(0.5) ? w.bytes(30) : w.value()] },
  bitcount: {
    args: (w) => [
      w.key(),
      ...w.maybe(0.6, w.offset(), w.offset(), ...w.maybe(0.5, w.word('BIT', 'BYTE', 'BAD'))),
    ],
  },
  bitfield: {
    weight: 2,
    args: (w) => {
      const operations = w.some(0, 3, () => bitfieldOperation(w, false));
      // When every write fails, Redis makes the key or its value longer and counts no change (its
      // replicas do not hear of it, ours do). So the last one does not fail.
      const canFail = operations.some((word) => word.toUpperCase() === 'FAIL');
      return [
        w.key(),
        ...operations,
        ...(canFail ? ['OVERFLOW', 'WRAP', 'SET', 'u1', '0', '1'] : []),
      ];
    },
  },
  bitfield_ro: { args: (w) => [w.key(), ...w.some(0, 3, () => bitfieldOperation(w, true))] },
  bitop: {
    args: (w) => [
      w.word('AND', 'OR', 'XOR', 'NOT', 'NOT', 'NAND'),
      w.key(),
      ...w.some(1, w.chance(0.3) ? 1 : 3, () => [w.key()]),
    ],
  },
  bitpos: {
    args: (w) => [
      w.key(),
      bit(w),
      ...w.maybe(
        0.6,
        w.offset(),
        ...w.maybe(0.6, w.offset(), ...w.maybe(0.5, w.word('BIT', 'BYTE', 'BAD'))),
      ),
    ],
  },
  copy: {
    weight: 2,
    args: (w) => [
      w.key(),
      w.key(),
      ...w.maybe(0.4, w.word('DB'), w.database()),
      ...w.maybe(0.5, w.word('REPLACE')),
    ],
  },
  dbsize: nothing,
  decr: oneKey,
  decrby: keyInteger,
  del: keys,
  dump: { weight: 2, ...oneKey },
  echo: { weight: 0.3, args: (w) => [w.value()] },
  exists: keys,
  expire: expire((w) => w.seconds()),
  expireat: expire((w) => w.unixSeconds()),
  expiretime: oneKey,
  flushall: { weight: 0.05, args: (w) => w.some(0, 1, () => [w.word('SYNC', 'ASYNC', 'BAD')]) },
  flushdb: { weight: 0.1, args: (w) => w.some(0, 1, () => [w.word('SYNC', 'ASYNC', 'BAD')]) },
  get: { weight: 3, ...oneKey },
  getbit: { args: (w) => [w.key(), w.bitOffset()] },
  getdel: oneKey,
  getex: {
    weight: 2,
    args: (w) => [w.key(), ...w.some(0, w.chance(0.1) ? 2 : 1, () => expiry(w, 'PERSIST'))],
  },
  getrange: { weight: 2, args: (w) => [w.key(), w.offset(), w.offset()] },
  getset: keyValue,
  hello: {
    weight: 0.3,
    args: (w) => w.some(0, 1, () => [w.pick(['2', '3', '3', '2', '4', 'x', ''])]),
  },
  incr: { weight: 2, ...oneKey },
  incrby: keyInteger,
  incrbyfloat: { weight: 2, args: (w) => [w.key(), w.float()] },
  keys: {
    args: (w) => [w.pick(['*', 'a', '[a-c]', 'k*', '?', '', '[^a]', '\\a', '*\xff*', '[b-'])],
  },
  lcs: {
    args: (w) => [
      w.key(),
      w.key(),
      ...w.some(0, 4, () =>
        w.chance(0.6)
          ? [w.word('LEN', 'IDX', 'WITHMATCHLEN')]
          : [w.word('MINMATCHLEN'), w.integer()],
      ),
    ],
  },
  memory: {
    weight: 0.5,
    args: (w) =>
      w.chance(0.9)
        ? [w.word('USAGE'), w.key(), ...w.maybe(0.3, w.word('SAMPLES'), w.integer())]
        : [w.word('BAD', 'HELP')],
  },
  mget: keys,
  move: { args: (w) => [w.key(), w.database()] },
  mset: pairs,
  msetnx: pairs,
  object: {
    weight: 3,
    args: (w) =>
      w.chance(0.97)
        ? [w.word('ENCODING', 'ENCODING', 'ENCODING', 'REFCOUNT', 'IDLETIME', 'FREQ'), w.key()]
        : [w.word('HELP', 'BAD')],
  },
  persist: oneKey,
  pexpire: expire((w) => w.milliseconds()),
  pexpireat: expire((w) => w.unixMilliseconds()),
  pexpiretime: oneKey,
  pfadd: { weight: 2, args: (w) => [w.hyperloglog(), ...w.some(0, 20, () => [w.element()])] },
  pfcount: { args: (w) => w.some(1, 3, () => [w.hyperloglog()]) },
  pfdebug: {
    weight: 0.3,
    args: (w) => [w.word('DECODE', 'ENCODING', 'TODENSE', 'GETREG', 'BAD'), w.hyperloglog()],
  },
  pfmerge: { weight: 0.6, args: (w) => w.some(1, 3, () => [w.hyperloglog()]) },
  ping: { weight: 0.3, args: (w) => w.some(0, 1, () => [w.value()]) },
  psetex: { args: (w) => [w.key(), w.milliseconds(), w.value()] },
  pttl: oneKey,
  randomkey: { weight: 0.5, ...nothing },
  rename: { weight: 1.5, args: (w) => [w.key(), w.key()] },
  renamenx: { args: (w) => [w.key(), w.key()] },
  restore: restored,
  'restore-asking': { ...restored, weight: 0.5 },
  scan: {
    args: (w) => [
      w.chance(0.85)
        ? '0'
        : w.pick(['1', '2', '17', 'x', '', '-1', '18446744073709551615', '18446744073709551616']),
      ...w.maybe(
        0.8,
        w.word('COUNT'),
        w.chance(0.9) ? '1000' : w.integer().replace(/^\d{9,}$/, '1000'),
      ),
      ...w.maybe(0.3, w.word('MATCH'), w.pick(['*', 'a', '[a-c]', 'k*', '?', ''])),
      ...w.maybe(0.3, w.word('TYPE'), w.word('STRING', 'LIST', 'BAD', 'HASH')),
    ],
  },
  select: { weight: 2, args: (w) => [w.database()] },
  set: {
    weight: 8,
    args: (w) => [
      w.key(),
      w.value(),
      ...w.maybe(0.2, w.word('NX', 'XX')),
      ...w.maybe(0.25, ...expiry(w, 'KEEPTTL')),
      ...w.maybe(0.15, w.word('GET')),
      ...w.maybe(0.02, w.word('NX', 'GET', 'KEEPTTL', 'BAD')),
    ],
  },
  setbit: {
    weight: 2,
    args: (w) => [w.key(), w.bitOffset(), bit(w)],
  },
  setex: { args: (w) => [w.key(), w.seconds(), w.value()] },
  setnx: keyValue,
  setrange: { weight: 2, args: (w) => [w.key(), w.offset(), w.chance(0.2) ? '' : w.bytes(30)] },
  strlen: { weight: 2, ...oneKey },
  substr: { args: (w) => [w.key(), w.offset(), w.offset()] },
  swapdb: { weight: 0.4, args: (w) => [w.database(), w.database()] },
  touch: keys,
  ttl: oneKey,
  type: oneKey,
  unlink: keys,
};

/** For commands of these groups that have no maker of their own. */
export const UNKNOWN: Maker = { args: (w) => [w.key(), ...w.some(0, 3, () => [w.value()])] };
