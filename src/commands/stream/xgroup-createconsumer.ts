/** `XGROUP CREATECONSUMER`: make a consumer. */
import { reply } from '../../resp/reply.js';
import { subcommandKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';
import { consumerNamed } from './deliver.js';
import { namedGroup } from './xgroup-options.js';

/** `XGROUP CREATECONSUMER key group consumer` — reply with 1, or 0: there is one. */
export const xgroupCreateconsumer = {
  name: 'createconsumer',
  group: 'stream',
  since: '6.2.0',
  summary: 'Make a consumer of a group',
  complexity: 'O(1)',
  arity: 5,
  flags: ['write', 'denyoom'],
  acl: ['stream'],
  keys: subcommandKey('RW', 'insert'),
  syntax: 'key groupname consumername',
  tellsWatchers: true,
  run(context, [, , key = NONE, name = NONE, consumerName = NONE]) {
    const group = namedGroup(context.db, key, name);
    const { isNew } = consumerNamed(context, key, group, consumerName);
    if (isNew) context.propagateVerbatim();
    return reply.integer(isNew ? 1 : 0);
  },
} as const satisfies CommandSpec;

const NONE = Buffer.alloc(0);
