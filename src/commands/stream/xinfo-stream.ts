/** `XINFO STREAM`: a stream's facts, or all of it. */
import type { StreamConsumer, StreamGroup, StreamHandle } from '../../keyspace/stream-handle.js';
import { GREATEST_ID, idText, LEAST_ID } from '../../keyspace/stream-id.js';
import { type Reply, ReplyError, reply } from '../../resp/reply.js';
import { integerArg, wordArg, wrongUse } from '../arguments.js';
import { subcommandKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';
import { entryReplies } from './entries.js';
import { entriesReadReply, lagReply } from './lag.js';

/** Entries, and what is pending, that FULL shows of each kind. */
const DEFAULT_COUNT = 10;

/** `XINFO STREAM key [FULL [COUNT n]]` */
export const xinfoStream = {
  name: 'stream',
  group: 'stream',
  since: '5.0.0',
  history: [
    ['6.0.0', 'Added the `FULL` modifier.'],
    [
      '7.0.0',
      'Added the `max-deleted-entry-id`, `entries-added`, `recorded-first-entry-id`, `entries-read` and `lag` fields',
    ],
  ],
  summary: 'Describe a stream',
  complexity: 'O(N) for N nodes of the stream',
  arity: -3,
  flags: ['readonly'],
  acl: ['stream'],
  keys: subcommandKey('RO', 'access'),
  syntax: 'key [full: FULL [COUNT count:integer]]',
  run({ db }, args) {
    const [, , key = NONE] = args;
    const stream = db.streams.read(key);
    if (stream === null) throw new ReplyError('ERR no such key');
    const count = countOf(args);
    return reply.map([
      ...facts(stream),
      ...(count === null ? ends(stream) : contents(stream, count)),
    ]);
  },
} as const satisfies CommandSpec;

const NONE = Buffer.alloc(0);

/** @returns null: not all is wanted. @throws ReplyError */
function countOf(args: readonly Buffer[]): number | null {
  const [, , , full, word, count] = args;
  if (args.length === 3) return null;
  if ((args.length !== 4 && args.length !== 6) || wordArg(full) !== 'full') {
    throw wrongUse('XINFO', args);
  }
  if (args.length === 4) return DEFAULT_COUNT;
  if (wordArg(word) !== 'count') throw wrongUse('XINFO', args);
  const given = integerArg(count);
  return given < 0 ? DEFAULT_COUNT : given;
}

type Field = readonly [Reply, Reply];

function field(name: string, value: Reply): Field {
  return [reply.bulk(name), value];
}

function facts(stream: StreamHandle): Field[] {
  return [
    field('length', reply.integer(stream.length)),
    field('radix-tree-keys', reply.integer(stream.nodes)),
    field('radix-tree-nodes', reply.integer(stream.treeNodes)),
    field('last-generated-id', reply.bulk(idText(stream.lastId))),
    field('max-deleted-entry-id', reply.bulk(idText(stream.deletedId))),
    field('entries-added', reply.integer(stream.added)),
    field('recorded-first-entry-id', reply.bulk(idText(stream.firstId))),
  ];
}

function ends(stream: StreamHandle): Field[] {
  const [first = reply.null] = entryReplies(stream.items(LEAST_ID, GREATEST_ID, 1));
  const [last = reply.null] = entryReplies(stream.items(LEAST_ID, GREATEST_ID, 1, true));
  return [
    field('groups', reply.integer(stream.groups().length)),
    field('first-entry', first),
    field('last-entry', last),
  ];
}

/** @param count - the most of each kind; 0: all. */
function contents(stream: StreamHandle, count: number): Field[] {
  const entries = entryReplies(stream.items(LEAST_ID, GREATEST_ID, count));
  return [
    field('entries', reply.array(entries)),
    field('groups', reply.array(stream.groups().map((group) => ofGroup(stream, group, count)))),
  ];
}

function ofGroup(stream: StreamHandle, group: StreamGroup, count: number): Reply {
  const pending = pendingOf(group, group, count, (consumer) => [reply.bulk(consumer.name)]);
  const consumers = group.consumers().map((consumer) =>
    reply.map([
      field('name', reply.bulk(consumer.name)),
      field('seen-time', reply.integer(consumer.seenAt)),
      field('pel-count', reply.integer(consumer.pendingCount)),
      field(
        'pending',
        pendingOf(group, consumer, count, () => []),
      ),
    ]),
  );
  return reply.map([
    field('name', reply.bulk(group.name)),
    field('last-delivered-id', reply.bulk(idText(group.lastId))),
    field('entries-read', entriesReadReply(group)),
    field('lag', lagReply(stream, group)),
    field('pel-count', reply.integer(group.pendingCount)),
    field('pending', pending),
    field('consumers', reply.array(consumers)),
  ]);
}

/** @param owner - what is said of the consumer. */
function pendingOf(
  group: StreamGroup,
  holder: StreamGroup | StreamConsumer,
  count: number,
  owner: (consumer: StreamConsumer) => readonly Reply[],
): Reply {
  const shown: Reply[] = [];
  for (const id of holder.pendingIds()) {
    const pending = group.pending(id);
    if (pending === null) continue;
    shown.push(
      reply.array([
        reply.bulk(idText(id)),
        ...owner(pending.consumer),
        reply.integer(pending.deliveredAt),
        reply.integer(BigInt.asIntN(64, pending.deliveries)),
      ]),
    );
    if (shown.length === count) break;
  }
  return reply.array(shown);
}
