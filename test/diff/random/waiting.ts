/** Commands that wait for as long as nobody serves them: other connections go on meanwhile. */
import type { Words } from './words.js';

/** @returns a command that blocks its client if there is nothing for it. */
export function waitingCommand(w: Words): string[] {
  const zset = (): string[] => [w.pick(['z1', 'z2', 'z3', 'z4'])];
  const list = (): string[] => [w.list()];
  const ends = ['LEFT', 'RIGHT'] as const;
  const count = w.maybe(0.5, 'COUNT', String(1 + w.below(4)));
  switch (w.below(10)) {
    case 0:
      return [w.word('BZPOPMIN', 'BZPOPMAX'), ...w.some(1, 3, zset), '0'];
    case 1: {
      const keys = w.some(1, 3, zset);
      return [w.word('BZMPOP'), '0', String(keys.length), ...keys, w.word('MIN', 'MAX'), ...count];
    }
    case 2: {
      const keys = w.some(1, 3, list);
      return [w.word('BLMPOP'), '0', String(keys.length), ...keys, w.word(...ends), ...count];
    }
    case 3:
      return [w.word('BLMOVE'), ...list(), ...list(), w.word(...ends), w.word(...ends), '0'];
    case 4:
      return [w.word('BRPOPLPUSH'), ...list(), ...list(), '0'];
    case 5:
    case 6:
      return [w.word('XREAD'), ...count, 'BLOCK', '0', 'STREAMS', w.stream(), w.stream(), '$', '$'];
    case 7: {
      const reader = ['GROUP', w.pick(['g', 'h']), w.pick(['alice', 'bob'])];
      return ['XREADGROUP', ...reader, ...count, 'BLOCK', '0', 'STREAMS', w.stream(), '>'];
    }
    default:
      return [w.word('BLPOP', 'BRPOP'), ...w.some(1, 3, list), '0'];
  }
}
