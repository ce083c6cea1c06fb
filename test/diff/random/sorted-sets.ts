/**
 * Makers of the commands on sorted sets and geospatial indexes. A few keys of their own, of which
 * one has members of one score: only there a range of members means something.
 */
import type { Maker, Words } from './words.js';

const ZSETS = ['z1', 'z2', 'z3', 'z4'];
const PLACES = ['geo1', 'geo2'];

function zset(w: Words): string {
  if (w.chance(0.03)) return w.key();
  return w.chance(0.95) ? w.pick(ZSETS) : w.pick(PLACES);
}

function member(w: Words): string {
  if (w.chance(0.75)) return `m${w.below(w.chance(0.5) ? 12 : 200)}`;
  if (w.chance(0.5)) return String(w.below(300) - 100);
  // Longer than what a listpack takes.
  return w.chance(0.1) ? 'long'.repeat(17) : w.value().slice(0, 60);
}

const SCORES = [
  ...'0 -0 1 -1 2 3.14 -2.5 1e17 1e16 123456789012345680 inf -inf +inf 0.1 1e-7 5e-324 1e308'.split(
    ' ',
  ),
  ...'4611686018427387904 -4611686018427387905 9007199254740993 0x10 2.9802322387695312e-08'.split(
    ' ',
  ),
];

function score(w: Words): string {
  if (w.chance(0.03)) return w.pick(['nan', 'abc', '', ' 1', '1e400', '1x']);
  if (w.chance(0.15)) return w.pick(SCORES);
  return w.chance(0.7) ? String(w.below(20) - 5) : String((w.below(20_000) - 5000) / 100);
}

/** An end of a range of scores. */
function bound(w: Words): string {
  return `${w.chance(0.3) ? '(' : ''}${w.chance(0.2) ? w.pick(['-inf', '+inf', 'inf', '']) : score(w)}`;
}

function lexBound(w: Words): string {
  if (w.chance(0.3)) return w.pick(['-', '+', '-', '+', 'm', '', '(', '[']);
  return `${w.pick(['(', '['])}${member(w)}`;
}

function rank(w: Words): string {
  return w.chance(0.05) ? w.integer() : String(w.below(30) - 12);
}

function limit(w: Words): string[] {
  return w.maybe(
    0.3,
    w.word('LIMIT'),
    w.pick(['0', '1', '3', '-1', '100']),
    w.pick(['0', '1', '5', '-1', '-2']),
  );
}

function withScores(w: Words): string[] {
  return w.maybe(0.5, w.word('WITHSCORES'));
}

function pairs(w: Words): string[] {
  return w.some(1, w.chance(0.02) ? 150 : 4, () => [score(w), member(w)]);
}

const FEW_OR_ALL = ['0', '1', '-1', '3', '-3', '100', '-100', '9223372036854775807', 'x', '1.5'];

function counted(w: Words, more: number): string[] {
  const keys = w.some(1, more, () => [w.chance(0.9) ? zset(w) : w.pick(['set1', 'set2'])]);
  const count = w.chance(0.04) ? w.pick(['0', '-1', '9', 'x']) : String(keys.length);
  return [count, ...keys];
}

function combination(w: Words, isDifference: boolean): string[] {
  const [count = '', ...keys] = counted(w, 3);
  if (isDifference) return [count, ...keys];
  return [
    count,
    ...keys,
    ...w.maybe(0.3, w.word('WEIGHTS'), ...keys.map(() => score(w))),
    ...w.maybe(0.3, w.word('AGGREGATE'), w.word('SUM', 'MIN', 'MAX', 'AVG')),
  ];
}

/** A range of any kind and its options. */
function anyRange(w: Words): string[] {
  const kind = w.below(5);
  if (kind === 0)
    return [bound(w), bound(w), w.word('BYSCORE'), ...w.maybe(0.4, w.word('REV')), ...limit(w)];
  return [rank(w), rank(w), ...w.maybe(0.3, w.word('REV')), ...(w.chance(0.05) ? limit(w) : [])];
}

function lexRange(w: Words): string[] {
  return [lexBound(w), lexBound(w)];
}

/** A timeout that is over at once. */
function waits(w: Words): string {
  return w.chance(0.9) ? '0.001' : w.pick(['-1', 'x', 'inf', '']);
}

function end(w: Words): string {
  return w.word('MIN', 'MAX', 'MIN', 'MAX', 'MID');
}

function longitude(w: Words): string {
  return w.chance(0.03)
    ? w.pick(['181', 'x', '-180', '180'])
    : String((w.below(40_000) - 20_000) / 1000);
}

function latitude(w: Words): string {
  return w.chance(0.03)
    ? w.pick(['86', 'x', '85.05112878', '-85'])
    : String((w.below(60_000) - 30_000) / 1000);
}

function unit(w: Words): string {
  return w.chance(0.97) ? w.pick(['m', 'km', 'ft', 'mi', 'KM']) : 'parsec';
}

function radius(w: Words): string {
  return w.chance(0.05) ? w.pick(['-1', 'x', '0', '20000000']) : String(w.below(2_000_000) / 10);
}

function geoOptions(w: Words): string[] {
  return [
    ...w.maybe(0.3, w.word('WITHDIST')),
    ...w.maybe(0.2, w.word('WITHHASH')),
    ...w.maybe(0.3, w.word('WITHCOORD')),
    ...w.maybe(0.3, w.word('COUNT'), w.pick(['1', '3', '10', '0', 'x'])),
    // Without an order of what is equally far.
    w.word('ASC', 'DESC'),
  ];
}

function place(w: Words): string {
  return `place${w.below(25)}`;
}

function geoKey(w: Words): string {
  return w.chance(0.95) ? w.pick(PLACES) : zset(w);
}

function shape(w: Words): string[] {
  return [
    ...(w.chance(0.5)
      ? [w.word('FROMMEMBER'), place(w)]
      : [w.word('FROMLONLAT'), longitude(w), latitude(w)]),
    ...(w.chance(0.6)
      ? [w.word('BYRADIUS'), radius(w), unit(w)]
      : [w.word('BYBOX'), radius(w), radius(w), unit(w)]),
  ];
}

export const SORTED_SET_MAKERS: Readonly<Record<string, Maker>> = {
  bzmpop: {
    args: (w) => [waits(w), ...counted(w, 2), end(w), ...w.maybe(0.4, w.word('COUNT'), rank(w))],
  },
  bzpopmax: { args: (w) => [...w.some(1, 3, () => [zset(w)]), waits(w)] },
  bzpopmin: { args: (w) => [...w.some(1, 3, () => [zset(w)]), waits(w)] },
  geoadd: {
    weight: 4,
    args: (w) => [
      w.pick(PLACES),
      ...w.maybe(0.2, w.word('NX', 'XX', 'CH')),
      ...w.some(1, 3, () => [longitude(w), latitude(w), place(w)]),
    ],
  },
  geodist: { args: (w) => [geoKey(w), place(w), place(w), ...w.maybe(0.5, unit(w))] },
  geohash: { args: (w) => [geoKey(w), ...w.some(0, 3, () => [place(w)])] },
  geopos: { args: (w) => [geoKey(w), ...w.some(0, 3, () => [place(w)])] },
  georadius: {
    args: (w) => [
      geoKey(w),
      longitude(w),
      latitude(w),
      radius(w),
      unit(w),
      ...(w.chance(0.2) ? [w.word('STORE'), 'z3'] : geoOptions(w)),
    ],
  },
  georadius_ro: {
    args: (w) => [geoKey(w), longitude(w), latitude(w), radius(w), unit(w), ...geoOptions(w)],
  },
  georadiusbymember: {
    args: (w) => [
      geoKey(w),
      place(w),
      radius(w),
      unit(w),
      ...(w.chance(0.2) ? [w.word('STORE'), 'z3'] : geoOptions(w)),
    ],
  },
  georadiusbymember_ro: {
    args: (w) => [geoKey(w), place(w), radius(w), unit(w), ...geoOptions(w)],
  },
  geosearch: { weight: 2, args: (w) => [geoKey(w), ...shape(w), ...geoOptions(w)] },
  geosearchstore: { args: (w) => ['z4', geoKey(w), ...shape(w), ...w.maybe(0.2, w.word('ASC'))] },
  zadd: {
    weight: 12,
    args: (w) =>
      w.chance(0.15)
        ? ['lex', ...w.some(1, 5, () => ['0', member(w)])]
        : [
            zset(w),
            ...w.some(0, w.chance(0.3) ? 2 : 0, () => [
              w.word('NX', 'XX', 'GT', 'LT', 'CH', 'INCR'),
            ]),
            ...pairs(w),
          ],
  },
  zcard: { args: (w) => [zset(w)] },
  zcount: { weight: 2, args: (w) => [zset(w), bound(w), bound(w)] },
  zdiff: { args: (w) => [...combination(w, true), ...withScores(w)] },
  zdiffstore: { args: (w) => [zset(w), ...combination(w, true)] },
  zincrby: { weight: 3, args: (w) => [zset(w), score(w), member(w)] },
  zinter: { args: (w) => [...combination(w, false), ...withScores(w)] },
  zintercard: { args: (w) => [...counted(w, 3), ...w.maybe(0.4, w.word('LIMIT'), w.integer())] },
  zinterstore: { args: (w) => [zset(w), ...combination(w, false)] },
  zlexcount: { args: (w) => ['lex', ...lexRange(w)] },
  zmpop: { args: (w) => [...counted(w, 2), end(w), ...w.maybe(0.4, w.word('COUNT'), rank(w))] },
  zmscore: { args: (w) => [zset(w), ...w.some(1, 3, () => [member(w)])] },
  zpopmax: { args: (w) => [zset(w), ...w.maybe(0.4, rank(w))] },
  zpopmin: { args: (w) => [zset(w), ...w.maybe(0.4, rank(w))] },
  // A negative count has as many members drawn: a thousand million of them take a server minutes.
  zrandmember: {
    args: (w) => [zset(w), ...w.maybe(0.6, w.pick(FEW_OR_ALL), ...withScores(w))],
  },
  zrange: {
    weight: 4,
    args: (w) =>
      w.chance(0.2)
        ? ['lex', ...lexRange(w), w.word('BYLEX'), ...w.maybe(0.3, w.word('REV')), ...limit(w)]
        : [zset(w), ...anyRange(w), ...withScores(w)],
  },
  zrangebylex: { args: (w) => ['lex', ...lexRange(w), ...limit(w)] },
  zrangebyscore: {
    weight: 3,
    args: (w) => [zset(w), bound(w), bound(w), ...withScores(w), ...limit(w)],
  },
  zrangestore: {
    args: (w) =>
      w.chance(0.2)
        ? [
            zset(w),
            'lex',
            ...lexRange(w),
            w.word('BYLEX'),
            ...w.maybe(0.3, w.word('REV')),
            ...limit(w),
          ]
        : [zset(w), zset(w), ...anyRange(w)],
  },
  zrank: { weight: 2, args: (w) => [zset(w), member(w)] },
  zrem: {
    weight: 2,
    args: (w) => [w.chance(0.9) ? zset(w) : 'lex', ...w.some(1, 3, () => [member(w)])],
  },
  zremrangebylex: { args: (w) => ['lex', ...lexRange(w)] },
  zremrangebyrank: { args: (w) => [zset(w), rank(w), rank(w)] },
  zremrangebyscore: { args: (w) => [zset(w), bound(w), bound(w)] },
  zrevrange: { args: (w) => [zset(w), rank(w), rank(w), ...withScores(w)] },
  zrevrangebylex: { args: (w) => ['lex', ...lexRange(w), ...limit(w)] },
  zrevrangebyscore: {
    args: (w) => [zset(w), bound(w), bound(w), ...withScores(w), ...limit(w)],
  },
  zrevrank: { args: (w) => [zset(w), member(w)] },
  zscan: {
    args: (w) => [zset(w), '0', ...w.maybe(0.3, w.word('MATCH'), 'm1*'), w.word('COUNT'), '1000'],
  },
  zscore: { weight: 2, args: (w) => [zset(w), member(w)] },
  zunion: { args: (w) => [...combination(w, false), ...withScores(w)] },
  zunionstore: { args: (w) => [zset(w), ...combination(w, false)] },
};
