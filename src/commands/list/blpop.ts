/** `BLPOP`: take the first element of a list; wait until one of several has one. */
import { secondsTimeoutArg } from '../arguments.js';
import { keysFrom } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';
import { takeOrBlock } from './taking.js';

/**
 * `BLPOP key [key …] timeout` — take the first element of the first list that there is; wait for
 * one, if there is none, so many seconds, or (0) for ever.
 */
export const blpop = {
  name: 'blpop',
  group: 'list',
  since: '2.0.0',
  history: [['6.0.0', '`timeout` is interpreted as a double instead of an integer.']],
  summary: 'Take the first element of a list; wait until one of several has one',
  complexity: 'O(N) where N is the number of keys',
  arity: -3,
  flags: ['write', 'noscript', 'blocking'],
  acl: ['list'],
  keys: [keysFrom(1, -2, 'RW', 'access', 'delete')],
  syntax: 'key... timeout:double',
  tellsWatchers: true,
  run(context, args) {
    const timeoutMs = secondsTimeoutArg(args.at(-1));
    return takeOrBlock(context, { keys: args.slice(1, -1), end: 'left', count: null }, timeoutMs);
  },
} as const satisfies CommandSpec;
