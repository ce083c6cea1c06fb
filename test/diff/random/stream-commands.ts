/**
 * Makers of commands about streams. Ids are given, since the servers' clocks are not the same; what
 * tells times is not asked for, and nothing blocks.
 */
import type { Maker, Words } from './words.js';

function group(w: Words): string {
  return w.pick(['g', 'h', 'nosuch']);
}

function consumer(w: Words): string {
  return w.pick(['alice', 'bob', 'carol']);
}

function id(w: Words): string {
  if (w.chance(0.04))
    return w.pick(['x', '-', '+', '', '1-', '18446744073709551615-1', '-1', '01']);
  const ms = w.below(60);
  return w.chance(0.3) ? String(ms) : `${ms}-${w.below(4)}`;
}

function newId(w: Words): string {
  return w.chance(0.3) ? id(w) : w.pick([`${w.below(120)}-*`, `${w.below(120)}`]);
}

function trim(w: Words): string[] {
  const threshold = w.chance(0.5) ? [w.word('MAXLEN')] : [w.word('MINID')];
  const operator = w.maybe(0.4, w.pick(['=', '~']));
  const isLength = threshold[0]?.toLowerCase() === 'maxlen';
  return [
    ...threshold,
    ...operator,
    isLength ? String(w.below(20)) : id(w),
    // Only a link of replication takes it with the `=` that `~` becomes.
    ...(operator[0] === '~' ? [] : w.maybe(0.1, w.word('LIMIT'), w.integer())),
  ];
}

function fields(w: Words): string[] {
  if (w.chance(0.7)) return ['a', w.value(), 'b', w.value()];
  return w.some(1, 3, () => [w.value(), w.value()]);
}

const ids = (w: Words): string[] => w.some(1, 4, () => [id(w)]);

export const STREAM_MAKERS: Readonly<Record<string, Maker>> = {
  xack: { args: (w) => [w.stream(), group(w), ...ids(w)] },
  xadd: {
    weight: 6,
    args: (w) => [
      w.stream(),
      ...w.maybe(0.1, w.word('NOMKSTREAM')),
      ...(w.chance(0.15) ? trim(w) : []),
      newId(w),
      ...fields(w),
    ],
  },
  xautoclaim: {
    args: (w) => [
      w.stream(),
      group(w),
      consumer(w),
      '0',
      w.chance(0.5) ? '-' : id(w),
      ...w.maybe(0.5, w.word('COUNT'), w.integer().replace(/^\d{9,}$/, '5')),
      ...w.maybe(0.3, w.word('JUSTID')),
    ],
  },
  xclaim: {
    args: (w) => [
      w.stream(),
      group(w),
      consumer(w),
      '0',
      ...ids(w),
      ...w.maybe(0.3, w.word('FORCE')),
      ...w.maybe(0.3, w.word('JUSTID')),
      ...w.maybe(0.2, w.word('RETRYCOUNT'), w.integer()),
      ...w.maybe(0.1, w.word('LASTID'), id(w)),
      ...w.maybe(0.1, w.word('IDLE'), w.integer()),
      ...w.maybe(0.1, w.word('TIME'), w.integer()),
      ...w.maybe(0.03, w.word('BAD', 'IDLE')),
    ],
  },
  xdel: { args: (w) => [w.stream(), ...ids(w)] },
  xgroup: {
    weight: 2,
    args: (w) => {
      const word = w.word('CREATE', 'CREATE', 'SETID', 'DESTROY', 'CREATECONSUMER', 'DELCONSUMER');
      switch (word.toUpperCase()) {
        case 'CREATE':
          return [
            word,
            w.stream(),
            group(w),
            w.chance(0.4) ? '$' : id(w),
            ...w.maybe(0.5, w.word('MKSTREAM')),
            // Of 2^63 - 1 the next entry makes a number that no replica of Redis takes, its own neither.
            ...w.maybe(0.1, w.word('ENTRIESREAD'), String(w.below(41) - 20)),
          ];
        case 'SETID':
          return [
            word,
            w.stream(),
            group(w),
            w.chance(0.3) ? '$' : id(w),
            ...w.maybe(0.2, w.word('ENTRIESREAD'), String(w.below(41) - 20)),
          ];
        case 'DESTROY':
          return [word, w.stream(), w.chance(0.3) ? group(w) : 'h'];
        default:
          return [word, w.stream(), group(w), consumer(w)];
      }
    },
  },
  xinfo: {
    args: (w) => {
      switch (w.below(6)) {
        case 0:
          return [w.word('CONSUMERS'), w.stream(), group(w)];
        case 1:
        case 2:
          return [
            w.word('STREAM'),
            w.stream(),
            w.word('FULL'),
            ...w.maybe(0.6, 'COUNT', w.pick(['0', '3', '-1', 'x'])),
          ];
        default:
          return [w.word('STREAM', 'GROUPS', 'BAD'), w.stream()];
      }
    },
  },
  xlen: { args: (w) => [w.stream()] },
  xpending: {
    args: (w) => [
      w.stream(),
      group(w),
      ...w.maybe(
        0.6,
        ...w.maybe(0.3, w.word('IDLE'), w.pick(['0', '0', '1000000000', 'x', '-1'])),
        w.chance(0.6) ? '-' : `${w.chance(0.3) ? '(' : ''}${id(w)}`,
        w.chance(0.6) ? '+' : id(w),
        w.chance(0.9) ? String(w.below(12)) : w.integer(),
        ...w.maybe(0.4, consumer(w)),
      ),
    ],
  },
  xrange: {
    args: (w) => [w.stream(), w.chance(0.5) ? '-' : id(w), w.chance(0.5) ? '+' : `(${id(w)}`],
  },
  xread: {
    args: (w) => [
      ...w.maybe(0.6, w.word('COUNT'), String(w.below(6))),
      w.word('STREAMS'),
      w.stream(),
      w.stream(),
      id(w),
      w.chance(0.1) ? '$' : id(w),
    ],
  },
  xreadgroup: {
    weight: 3,
    args: (w) => [
      w.word('GROUP'),
      group(w),
      consumer(w),
      ...w.maybe(0.6, w.word('COUNT'), String(w.below(6))),
      ...w.maybe(0.2, w.word('NOACK')),
      w.word('STREAMS'),
      w.stream(),
      w.chance(0.7) ? '>' : id(w),
    ],
  },
  xrevrange: {
    args: (w) => [
      w.stream(),
      w.chance(0.5) ? '+' : id(w),
      w.chance(0.5) ? '-' : id(w),
      ...w.maybe(0.4, w.word('COUNT'), String(w.below(6) - 1)),
    ],
  },
  xsetid: {
    weight: 0.3,
    args: (w) => [
      w.stream(),
      w.chance(0.5) ? String(60 + w.below(60)) : id(w),
      ...w.maybe(0.3, w.word('ENTRIESADDED'), String(w.below(60) - 2)),
      ...w.maybe(0.3, w.word('MAXDELETEDID'), id(w)),
    ],
  },
  xtrim: { args: (w) => [w.stream(), ...trim(w)] },
};
