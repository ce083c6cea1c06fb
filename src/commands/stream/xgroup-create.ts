/** `XGROUP CREATE`: make a consumer group. */
import { LEAST_ID } from '../../keyspace/stream-id.js';
import { ReplyError, reply } from '../../resp/reply.js';
import { latin1, wrongUse } from '../arguments.js';
import { subcommandKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';
import { strictIdArg } from './id-argument.js';
import { groupOptions, streamOfGroups } from './xgroup-options.js';

/**
 * `XGROUP CREATE key group id|$ [MKSTREAM] [ENTRIESREAD n]` — it delivers what comes behind the id.
 */
export const xgroupCreate = {
  name: 'create',
  group: 'stream',
  since: '5.0.0',
  history: [['7.0.0', 'Added the `entries_read` named argument.']],
  summary: 'Make a consumer group of the stream at a key',
  complexity: 'O(1)',
  arity: -5,
  flags: ['write', 'denyoom'],
  acl: ['stream'],
  keys: subcommandKey('RW', 'insert'),
  syntax: 'key groupname id [MKSTREAM] [ENTRIESREAD entries_read:integer]',
  tellsWatchers: true,
  run(context, args) {
    const [, , key = NONE, name = NONE, given = NONE] = args;
    const { db, client, notify, propagateVerbatim, watches } = context;
    const { makesStream, entriesRead } = groupOptions(args, true);
    const held = makesStream ? db.streams.change(key) : streamOfGroups(db, key);
    if (args.length > 8) throw wrongUse('XGROUP', args);
    const id = latin1(given) === '$' ? (held?.lastId ?? LEAST_ID) : strictIdArg(given);
    if ((held?.group(name) ?? null) !== null) {
      throw new ReplyError('BUSYGROUP Consumer Group name already exists');
    }
    if (held === null) watches.touch(client.db, key);
    (held ?? db.streams.make(key)).addGroup(name, id, entriesRead);
    propagateVerbatim();
    notify('t', 'xgroup-create', key);
    return reply.ok;
  },
} as const satisfies CommandSpec;

const NONE = Buffer.alloc(0);
