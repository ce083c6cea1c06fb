/** `RPOPLPUSH`: take the last element of one list and make it the first of another. */
import { reply } from '../../resp/reply.js';
import { keyAt } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';
import { move, rotatingArgs } from './taking.js';

/** `RPOPLPUSH source destination` — LMOVE from the right to the left. */
export const rpoplpush = {
  name: 'rpoplpush',
  group: 'list',
  since: '1.2.0',
  summary: 'Take the last element of one list and make it the first of another',
  complexity: 'O(1)',
  arity: 3,
  flags: ['write', 'denyoom'],
  acl: ['list'],
  keys: [keyAt(1, 'RW', 'access', 'delete'), keyAt(2, 'RW', 'insert')],
  syntax: 'source:key destination:key',
  deprecated: { since: '6.2.0', replacedBy: '`LMOVE` with the `RIGHT` and `LEFT` arguments' },
  tellsWatchers: true,
  run(context, args) {
    return move(context, rotatingArgs(args)) ?? reply.null;
  },
} as const satisfies CommandSpec;
