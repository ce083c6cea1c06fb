/** `XINFO GROUPS`: the groups of a stream. */
import { idText } from '../../keyspace/stream-id.js';
import { ReplyError, reply } from '../../resp/reply.js';
import { subcommandKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';
import { entriesReadReply, lagReply } from './lag.js';

/** `XINFO GROUPS key` — a map for each, in the order of their names. */
export const xinfoGroups = {
  name: 'groups',
  group: 'stream',
  since: '5.0.0',
  history: [['7.0.0', 'Added the `entries-read` and `lag` fields']],
  summary: 'Describe the consumer groups of a stream',
  complexity: 'O(1) for each group',
  arity: 3,
  flags: ['readonly'],
  acl: ['stream'],
  keys: subcommandKey('RO', 'access'),
  syntax: 'key',
  run({ db }, [, , key = NONE]) {
    const stream = db.streams.read(key);
    if (stream === null) throw new ReplyError('ERR no such key');
    return reply.array(
      stream.groups().map((group) =>
        reply.map([
          [reply.bulk('name'), reply.bulk(group.name)],
          [reply.bulk('consumers'), reply.integer(group.consumers().length)],
          [reply.bulk('pending'), reply.integer(group.pendingCount)],
          [reply.bulk('last-delivered-id'), reply.bulk(idText(group.lastId))],
          [reply.bulk('entries-read'), entriesReadReply(group)],
          [reply.bulk('lag'), lagReply(stream, group)],
        ]),
      ),
    );
  },
} as const satisfies CommandSpec;

const NONE = Buffer.alloc(0);
