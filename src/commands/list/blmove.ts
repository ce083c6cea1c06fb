/** `BLMOVE`: take an element off one list and put it on another; wait until there is one. */
import { secondsTimeoutArg } from '../arguments.js';
import { keyAt } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';
import { moveOrBlock, movingArgs } from './taking.js';

/**
 * `BLMOVE source destination LEFT | RIGHT LEFT | RIGHT timeout` — LMOVE that waits for an element.
 */
export const blmove = {
  name: 'blmove',
  group: 'list',
  since: '6.2.0',
  summary: 'Take an element off one list and put it on another; wait until there is one',
  complexity: 'O(1)',
  arity: 6,
  flags: ['write', 'denyoom', 'noscript', 'blocking'],
  acl: ['list'],
  keys: [keyAt(1, 'RW', 'access', 'delete'), keyAt(2, 'RW', 'insert')],
  syntax:
    'source:key destination:key (wherefrom: LEFT | RIGHT) (whereto: LEFT | RIGHT) timeout:double',
  tellsWatchers: true,
  run(context, args) {
    const moving = movingArgs(args);
    return moveOrBlock(context, moving, secondsTimeoutArg(args[5]));
  },
} as const satisfies CommandSpec;
