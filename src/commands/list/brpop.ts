/** `BRPOP`: take the last element of a list; wait until one of several has one. */
import { secondsTimeoutArg } from '../arguments.js';
import { keysFrom } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';
import { takeOrBlock } from './taking.js';

/** `BRPOP key [key …] timeout` — BLPOP from the other end. */
export const brpop = {
  name: 'brpop',
  group: 'list',
  since: '2.0.0',
  history: [['6.0.0', '`timeout` is interpreted as a double instead of an integer.']],
  summary: 'Take the last element of a list; wait until one of several has one',
  complexity: 'O(N) where N is the number of keys',
  arity: -3,
  flags: ['write', 'noscript', 'blocking'],
  acl: ['list'],
  keys: [keysFrom(1, -2, 'RW', 'access', 'delete')],
  syntax: 'key... timeout:double',
  tellsWatchers: true,
  run(context, args) {
    const timeoutMs = secondsTimeoutArg(args.at(-1));
    return takeOrBlock(context, { keys: args.slice(1, -1), end: 'right', count: null }, timeoutMs);
  },
} as const satisfies CommandSpec;
