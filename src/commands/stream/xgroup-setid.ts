/** `XGROUP SETID`: say what a group has delivered. */
import { reply } from '../../resp/reply.js';
import { latin1, wrongUse } from '../arguments.js';
import { subcommandKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';
import { idArg } from './id-argument.js';
import { noGroupOf } from './lookup.js';
import { groupOptions, streamOfGroups } from './xgroup-options.js';

/** `XGROUP SETID key group id|$ [ENTRIESREAD n]` — it goes on behind the id. */
export const xgroupSetid = {
  name: 'setid',
  group: 'stream',
  since: '5.0.0',
  history: [['7.0.0', 'Added the optional `entries_read` argument.']],
  summary: 'Set the id behind which a consumer group goes on',
  complexity: 'O(1)',
  arity: -5,
  flags: ['write'],
  acl: ['stream'],
  keys: subcommandKey('RW', 'update'),
  syntax: 'key groupname id [ENTRIESREAD entries_read:integer]',
  tellsWatchers: true,
  run({ db, notify, propagateVerbatim }, args) {
    const [, , key = NONE, name = NONE, given = NONE] = args;
    const { entriesRead } = groupOptions(args, false);
    const stream = streamOfGroups(db, key);
    const group = stream.group(name);
    if (group === null) throw noGroupOf(key, name);
    if (args.length !== 5 && args.length !== 7) throw wrongUse('XGROUP', args);
    group.lastId = latin1(given) === '$' ? stream.lastId : idArg(given);
    group.entriesRead = entriesRead;
    propagateVerbatim();
    notify('t', 'xgroup-setid', key);
    return reply.ok;
  },
} as const satisfies CommandSpec;

const NONE = Buffer.alloc(0);
