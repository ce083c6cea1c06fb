/** Limits of encodings: a stream runs with Redis' own, or with such as collections soon pass. */
import type { Words } from './words.js';

const USUAL = [
  'hash-max-listpack-entries 128 hash-max-listpack-value 64',
  'set-max-intset-entries 512',
  'zset-max-listpack-entries 128 zset-max-listpack-value 64',
  'list-max-listpack-size -2',
  'stream-node-max-entries 100 stream-node-max-bytes 4096',
].flatMap((line) => line.split(' '));

export const USUAL_LIMITS: readonly string[] = ['CONFIG', 'SET', ...USUAL];

/**
 * @param sorts - the stream has SORT, which makes Redis give up a sorted set's listpack: there are
 * none then.
 * @returns a command that every server gets first.
 */
export function drawLimits(w: Words, sorts: boolean): readonly string[] {
  if (!sorts && w.chance(0.4)) return USUAL_LIMITS;
  const drawn = USUAL.map((word, i) => {
    if (i % 2 === 0) return word;
    const name = USUAL[i - 1];
    if (name === 'zset-max-listpack-entries' && sorts) return '0';
    if (w.chance(0.3)) return word;
    if (name === 'list-max-listpack-size') return w.pick(['1', '2', '5', '-1', '-5', '128']);
    if (name === 'stream-node-max-bytes') return w.pick(['0', '20', '100']);
    if (name === 'stream-node-max-entries') return w.pick(['0', '1', '3', '10']);
    return w.pick(['0', '1', '2', '4', '10', '40']);
  });
  return ['CONFIG', 'SET', ...drawn];
}

/** Whether lists have the nodes that Redis makes when nothing is set. */
export function hasUsualLists(limits: readonly string[]): boolean {
  return limits[limits.indexOf('list-max-listpack-size') + 1] === '-2';
}
