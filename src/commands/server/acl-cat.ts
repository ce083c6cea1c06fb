/** `ACL CAT`: list categories, or the commands in one. */
import { ReplyError, reply } from '../../resp/reply.js';
import { quotable, wrongUse } from '../arguments.js';
import { CATEGORIES } from '../access/categories.js';
import type { CommandSpec } from '../spec.js';
import type { AccessContext } from './access-context.js';

/** `ACL CAT [category]` — the categories, or the commands and subcommands in one. */
export const aclCat = {
  name: 'cat',
  group: 'server',
  since: '6.0.0',
  summary: 'List categories, or the commands in one',
  complexity: 'O(1) since the categories and commands are a fixed set.',
  arity: -2,
  flags: ['noscript', 'loading', 'stale'],
  acl: [],
  syntax: '[categoryname]',
  run({ access }: AccessContext, args: readonly Buffer[]) {
    if (args.length > 3) throw wrongUse('ACL', args);
    const [, , category] = args;
    if (category === undefined) return reply.bulks(CATEGORIES);
    const names = access.namesInCategory(category.toString('latin1'));
    if (names === null) throw new ReplyError(`ERR Unknown category '${quotable(category, 128)}'`);
    return reply.bulks(names);
  },
} as const satisfies CommandSpec;
