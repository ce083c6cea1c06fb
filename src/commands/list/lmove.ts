/** `LMOVE`: take an element off one list and put it on another. */
import { reply } from '../../resp/reply.js';
import { keyAt } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';
import { move, movingArgs } from './taking.js';

/**
 * `LMOVE source destination LEFT | RIGHT LEFT | RIGHT` — which end to take it from, and which
 * to put it at.
 */
export const lmove = {
  name: 'lmove',
  group: 'list',
  since: '6.2.0',
  summary: 'Take an element off one list and put it on another',
  complexity: 'O(1)',
  arity: 5,
  flags: ['write', 'denyoom'],
  acl: ['list'],
  keys: [keyAt(1, 'RW', 'access', 'delete'), keyAt(2, 'RW', 'insert')],
  syntax: 'source:key destination:key (wherefrom: LEFT | RIGHT) (whereto: LEFT | RIGHT)',
  tellsWatchers: true,
  run(context, args) {
    return move(context, movingArgs(args)) ?? reply.null;
  },
} as const satisfies CommandSpec;
