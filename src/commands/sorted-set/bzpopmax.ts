/** `BZPOPMAX`: take the member with the greatest score off a sorted set, or wait for one. */
import { keysFrom } from '../key-specs.js';
import { secondsTimeoutArg } from '../arguments.js';
import type { CommandSpec } from '../spec.js';
import { popOne, popOrWait } from './pop.js';

/**
 * `BZPOPMAX key... timeout` — take the member with the greatest score off a sorted set, or wait
 * for one.
 */
export const bzpopmax = {
  name: 'bzpopmax',
  group: 'sorted-set',
  since: '5.0.0',
  history: [['6.0.0', '`timeout` is interpreted as a double instead of an integer.']],
  summary: 'Take the member with the greatest score off a sorted set, or wait for one',
  complexity: 'O(log(N)), N being the size of the sorted set',
  arity: -3,
  flags: ['write', 'noscript', 'fast', 'blocking'],
  acl: ['sortedset'],
  keys: [keysFrom(1, -2, 'RW', 'access', 'delete')],
  syntax: 'key... timeout:double',
  tellsWatchers: true,
  run: (context, args) =>
    popOrWait(context, args.slice(1, -1), secondsTimeoutArg(args.at(-1)), (served, key) =>
      popOne(served, key, 'greatest'),
    ),
} as const satisfies CommandSpec;
