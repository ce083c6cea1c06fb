/** Makers of the commands over lists, and SORT. Those that block give up at once. */
import type { Maker, Words } from './words.js';

const EDGES = ['LEFT', 'RIGHT'] as const;

function timeout(w: Words): string {
  return w.chance(0.9) ? '0.001' : w.pick(['-1', 'x', 'inf', '-0.5', '1e400', '']);
}

function index(w: Words): string {
  return w.chance(0.9) ? String(w.below(24) - 12) : w.integer();
}

function pushed(weight: number): Maker {
  return { weight, args: (w) => [w.list(), ...w.some(1, 4, () => [w.listElement()])] };
}

const popped: Maker = {
  weight: 3,
  args: (w) => [w.list(), ...w.maybe(0.4, w.chance(0.8) ? String(w.below(6)) : w.integer())],
};

/** `numkeys key [key …] LEFT | RIGHT [COUNT count]` */
function taking(w: Words): string[] {
  const keys = w.some(1, 3, () => [w.list()]);
  return [
    w.chance(0.93) ? String(keys.length) : w.pick(['0', '-1', '5', 'x']),
    ...keys,
    w.word(...EDGES, ...(w.chance(0.05) ? ['BAD'] : [])),
    ...w.maybe(0.5, w.word('COUNT'), w.chance(0.9) ? String(1 + w.below(4)) : w.integer()),
    ...w.maybe(0.03, w.word('COUNT'), '1'),
  ];
}

function moving(w: Words): string[] {
  return [w.list(), w.list(), w.word(...EDGES), w.word(...EDGES)];
}

function blockingPop(): Maker {
  return { weight: 1.5, args: (w) => [...w.some(1, 3, () => [w.list()]), timeout(w)] };
}

/** Patterns find strings among the usual keys, and a list's own elements. */
function sorting(w: Words, mayStore: boolean): string[] {
  const pattern = (): string => w.pick(['*', '#', 'key:{*}', 'x*->f', 'nosort', '*->', '']);
  // Of elements with equal weights Redis' partial sort takes any.
  const narrowed = w.chance(0.5)
    ? w.maybe(0.7, w.word('LIMIT'), index(w), index(w))
    : w.maybe(0.7, w.word('BY'), pattern());
  return [
    // What has no order Redis sorts from its hash table: equal weights come as they stand there.
    w.pick(['list', 'list2']),
    ...narrowed,
    ...w.some(0, 2, () => [w.word('GET'), pattern()]),
    ...w.maybe(0.5, w.word('ASC', 'DESC')),
    ...w.maybe(0.8, w.word('ALPHA')),
    ...(mayStore ? w.maybe(0.4, w.word('STORE'), w.list()) : []),
  ];
}

export const LIST_MAKERS: Readonly<Record<string, Maker>> = {
  blmove: { args: (w) => [...moving(w), timeout(w)] },
  blmpop: { args: (w) => [timeout(w), ...taking(w)] },
  blpop: blockingPop(),
  brpop: blockingPop(),
  brpoplpush: { args: (w) => [w.list(), w.list(), timeout(w)] },
  lindex: { weight: 2, args: (w) => [w.list(), index(w)] },
  linsert: {
    weight: 3,
    args: (w) => [
      w.list(),
      w.word('BEFORE', 'AFTER', ...(w.chance(0.05) ? ['BAD'] : [])),
      w.listElement(),
      w.listElement(),
    ],
  },
  llen: { args: (w) => [w.list()] },
  lmove: { weight: 2, args: moving },
  lmpop: { weight: 2, args: taking },
  lpop: popped,
  lpos: {
    weight: 2,
    args: (w) => [
      w.list(),
      w.listElement(),
      ...w.some(0, 3, () => [w.word('RANK', 'COUNT', 'MAXLEN'), index(w)]),
    ],
  },
  lpush: pushed(6),
  lpushx: pushed(2),
  lrange: { weight: 4, args: (w) => [w.list(), index(w), index(w)] },
  lrem: { weight: 2, args: (w) => [w.list(), index(w), w.listElement()] },
  lset: { weight: 3, args: (w) => [w.list(), index(w), w.listElement()] },
  ltrim: { weight: 1.5, args: (w) => [w.list(), index(w), index(w)] },
  rpop: popped,
  rpoplpush: { weight: 2, args: (w) => [w.list(), w.list()] },
  rpush: pushed(6),
  rpushx: pushed(2),
  sort: { weight: 2, args: (w) => sorting(w, true) },
  sort_ro: { args: (w) => sorting(w, false) },
};
