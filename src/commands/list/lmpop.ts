/** `LMPOP`: take elements off the first of several lists. */
import { reply } from '../../resp/reply.js';
import { countedKeys } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';
import { takeFromAny, takingArgs } from './taking.js';

/**
 * `LMPOP numkeys key [key …] LEFT | RIGHT [COUNT count]` — take up to `count` elements off the
 * first list that there is.
 */
export const lmpop = {
  name: 'lmpop',
  group: 'list',
  since: '7.0.0',
  summary: 'Take elements off the first of several lists',
  complexity: 'O(N+M) where N is the number of keys and M the number of elements taken',
  arity: -4,
  flags: ['write'],
  acl: ['list'],
  keys: [countedKeys(1, 'RW', 'access', 'delete')],
  syntax: 'numkeys:integer key... (where: LEFT | RIGHT) [COUNT count:integer]',
  tellsWatchers: true,
  run(context, args) {
    return takeFromAny(context, takingArgs(args, 1)) ?? reply.nullArray;
  },
} as const satisfies CommandSpec;
