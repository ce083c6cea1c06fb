/**
 * `BRPOPLPUSH`: take the last element of one list and make it the first of another; wait until
 * there is one.
 */
import { secondsTimeoutArg } from '../arguments.js';
import { keyAt } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';
import { moveOrBlock, rotatingArgs } from './taking.js';

/** `BRPOPLPUSH source destination timeout` — RPOPLPUSH that waits for an element. */
export const brpoplpush = {
  name: 'brpoplpush',
  group: 'list',
  since: '2.2.0',
  history: [['6.0.0', '`timeout` is interpreted as a double instead of an integer.']],
  summary:
    'Take the last element of one list and make it the first of another; wait until there is one',
  complexity: 'O(1)',
  arity: 4,
  flags: ['write', 'denyoom', 'noscript', 'blocking'],
  acl: ['list'],
  keys: [keyAt(1, 'RW', 'access', 'delete'), keyAt(2, 'RW', 'insert')],
  syntax: 'source:key destination:key timeout:double',
  deprecated: { since: '6.2.0', replacedBy: '`BLMOVE` with the `RIGHT` and `LEFT` arguments' },
  tellsWatchers: true,
  run(context, args) {
    return moveOrBlock(context, rotatingArgs(args), secondsTimeoutArg(args[3]));
  },
} as const satisfies CommandSpec;
