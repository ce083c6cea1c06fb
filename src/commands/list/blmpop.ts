/** `BLMPOP`: take elements off the first of several lists; wait until there is one. */
import { secondsTimeoutArg } from '../arguments.js';
import { countedKeys } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';
import { takeOrBlock, takingArgs } from './taking.js';

/**
 * `BLMPOP timeout numkeys key [key …] LEFT | RIGHT [COUNT count]` — LMPOP that waits for a list.
 */
export const blmpop = {
  name: 'blmpop',
  group: 'list',
  since: '7.0.0',
  summary: 'Take elements off the first of several lists; wait until there is one',
  complexity: 'O(N+M) where N is the number of keys and M the number of elements taken',
  arity: -5,
  flags: ['write', 'blocking'],
  acl: ['list'],
  keys: [countedKeys(2, 'RW', 'access', 'delete')],
  syntax: 'timeout:double numkeys:integer key... (where: LEFT | RIGHT) [COUNT count:integer]',
  tellsWatchers: true,
  run(context, args) {
    const taking = takingArgs(args, 2);
    return takeOrBlock(context, taking, secondsTimeoutArg(args[1]));
  },
} as const satisfies CommandSpec;
