/** `ZMPOP`: take members off an end of the first sorted set that has some. */
import { countedKeys } from '../key-specs.js';
import { reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';
import { mpopArgs, popNested } from './pop.js';

/**
 * `ZMPOP numkeys key... (MIN | MAX) [COUNT count]` — take members off an end of the first sorted
 * set that has some.
 */
export const zmpop = {
  name: 'zmpop',
  group: 'sorted-set',
  since: '7.0.0',
  summary: 'Take members off an end of the first sorted set that has some',
  complexity:
    'O(K) + O(M*log(N)), K being the number of keys, M that of members taken and N the size of the sorted set',
  arity: -4,
  flags: ['write'],
  acl: ['sortedset'],
  keys: [countedKeys(1, 'RW', 'access', 'delete')],
  syntax: 'numkeys:integer key... (where: MIN | MAX) [COUNT count:integer]',
  tellsWatchers: true,
  run(context, args) {
    const { keys, end, count } = mpopArgs(args, 1);
    for (const key of keys) {
      const popped = popNested(context, key, end, count);
      if (popped !== null) return popped;
    }
    return reply.nullArray;
  },
} as const satisfies CommandSpec;
