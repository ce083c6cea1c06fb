/** `BZMPOP`: take members off an end of the first sorted set that has some, or wait for one. */
import { countedKeys } from '../key-specs.js';
import { secondsTimeoutArg } from '../arguments.js';
import type { CommandSpec } from '../spec.js';
import { mpopArgs, popNested, popOrWait } from './pop.js';

/**
 * `BZMPOP timeout numkeys key... (MIN | MAX) [COUNT count]` — take members off an end of the first
 * sorted set that has some, or wait for one.
 */
export const bzmpop = {
  name: 'bzmpop',
  group: 'sorted-set',
  since: '7.0.0',
  summary: 'Take members off an end of the first sorted set that has some, or wait for one',
  complexity:
    'O(K) + O(M*log(N)), K being the number of keys, M that of members taken and N the size of the sorted set',
  arity: -5,
  flags: ['write', 'blocking'],
  acl: ['sortedset'],
  keys: [countedKeys(2, 'RW', 'access', 'delete')],
  syntax: 'timeout:double numkeys:integer key... (where: MIN | MAX) [COUNT count:integer]',
  tellsWatchers: true,
  run(context, args) {
    const { keys, end, count } = mpopArgs(args, 2);
    const timeoutMs = secondsTimeoutArg(args[1]);
    return popOrWait(context, keys, timeoutMs, (served, key) => popNested(served, key, end, count));
  },
} as const satisfies CommandSpec;
