/** `XINFO CONSUMERS`: the consumers of a group. */
import { ReplyError, reply } from '../../resp/reply.js';
import { subcommandKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';
import { noGroupOf } from './lookup.js';

/** `XINFO CONSUMERS key group` — a map for each, in the order of their names. */
export const xinfoConsumers = {
  name: 'consumers',
  group: 'stream',
  since: '5.0.0',
  summary: 'Describe the consumers of a group',
  complexity: 'O(1) for each consumer',
  arity: 4,
  flags: ['readonly'],
  acl: ['stream'],
  tips: ['nondeterministic_output'],
  keys: subcommandKey('RO', 'access'),
  syntax: 'key groupname',
  run({ db, nowMs }, [, , key = NONE, name = NONE]) {
    const stream = db.streams.read(key);
    if (stream === null) throw new ReplyError('ERR no such key');
    const group = stream.group(name);
    if (group === null) throw noGroupOf(key, name);
    return reply.array(
      group.consumers().map((consumer) =>
        reply.map([
          [reply.bulk('name'), reply.bulk(consumer.name)],
          [reply.bulk('pending'), reply.integer(consumer.pendingCount)],
          [reply.bulk('idle'), reply.integer(Math.max(nowMs - consumer.seenAt, 0))],
        ]),
      ),
    );
  },
} as const satisfies CommandSpec;

const NONE = Buffer.alloc(0);
