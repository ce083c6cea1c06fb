/** `XREADGROUP`: read streams as a consumer of a group. */
import { GREATEST_ID, idAfter, LEAST_ID, type StreamId } from '../../keyspace/stream-id.js';
import { ReplyError, reply } from '../../resp/reply.js';
import { latin1 } from '../arguments.js';
import type { CommandContext } from '../context.js';
import { halfOfThoseBehind } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';
import { consumerOf, type Delivery, deliverAgain, deliverNew } from './deliver.js';
import { strictIdArg } from './id-argument.js';
import { noGroupToRead } from './lookup.js';
import { BLOCKED_COUNT, type Reading, readingOf, readReply, type StreamPart } from './reading.js';

/**
 * `XREADGROUP GROUP group consumer [COUNT n] [BLOCK ms] [NOACK] STREAMS key … id …` — with `>`
 * entries that no consumer of the group has got; with an id, what is pending with this one.
 */
export const xreadgroup = {
  name: 'xreadgroup',
  group: 'stream',
  since: '5.0.0',
  summary: 'Read entries of streams as a consumer of a group, or wait for them',
  complexity: 'O(log(N) + M) for each stream, M entries that are read',
  arity: -7,
  flags: ['write', 'blocking'],
  acl: ['stream'],
  keys: [halfOfThoseBehind('STREAMS', 4, 'RO', 'access')],
  syntax:
    'GROUP (group_consumer: group consumer) [COUNT count:integer] [BLOCK milliseconds:integer] [NOACK] STREAMS (streams: key... id...)',
  run(context, args) {
    const reading = readingOf(context, args, true);
    const ids = reading.ids.map((id, i) => idToRead(context, reading, id, reading.keys[i] ?? NONE));
    const parts: StreamPart[] = [];
    for (const [i, key] of reading.keys.entries()) {
      const part = partOf(context, reading, key, ids[i] ?? null);
      if (part !== null) parts.push(part);
    }
    if (parts.length > 0) return readReply(parts, context.client.resp);
    if (reading.timeoutMs === null) return reply.nullArray;
    return blocked(reading, reading.timeoutMs);
  },
} as const satisfies CommandSpec;

const NONE = Buffer.alloc(0);

/** @returns null: what is new. @throws ReplyError */
function idToRead(
  { db }: CommandContext,
  { group }: Reading,
  id: Buffer,
  key: Buffer,
): StreamId | null {
  const groupName = group?.name ?? NONE;
  if ((db.streams.read(key)?.group(groupName) ?? null) === null)
    throw noGroupToRead(key, groupName);
  const text = latin1(id);
  if (text === '$') throw new ReplyError(MEANINGLESS);
  return text === '>' ? null : strictIdArg(id);
}

const MEANINGLESS =
  'ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by specifying a proper ID, or use the > ID to get new messages. The $ ID would just return an empty result set.';

/** @param id - null: what is new. @returns null: nothing is. */
function partOf(
  context: CommandContext,
  reading: Reading,
  key: Buffer,
  id: StreamId | null,
): StreamPart | null {
  const isNew = id === null || (id.ms === GREATEST_ID.ms && id.seq === GREATEST_ID.seq);
  const delivery = deliveryOf(context, reading, key);
  if (delivery === null || (isNew && !hasNew(delivery))) return null;
  const consumer = consumerOf(context, delivery);
  if (isNew) return deliverNew(context, delivery, consumer);
  return deliverAgain(context, delivery, consumer, idAfter(id) ?? LEAST_ID);
}

function hasNew({ stream, group }: Delivery): boolean {
  const from = idAfter(group.lastId);
  return from !== null && stream.items(from, GREATEST_ID, 1).ids.length > 0;
}

/** @returns null: there is no such group, any more. */
function deliveryOf(
  { db }: CommandContext,
  { group: named, count, isNoAck }: Reading,
  key: Buffer,
): Delivery | null {
  const groupName = named?.name ?? NONE;
  const stream = db.streams.change(key);
  const group = stream?.group(groupName) ?? null;
  if (stream === null || group === null) return null;
  const consumerName = named?.consumer ?? NONE;
  return { key, groupName, consumerName, stream, group, count, isNoAck };
}

function blocked(reading: Reading, timeoutMs: number) {
  const count = reading.count === 0 ? BLOCKED_COUNT : reading.count;
  return {
    type: 'blocked-on-keys',
    keys: reading.keys,
    awaits: 'stream',
    timeoutMs,
    serve(context: CommandContext, key: Buffer) {
      const delivery = deliveryOf(context, { ...reading, count }, key);
      if (delivery === null) throw new ReplyError(GROUP_GONE);
      if (!hasCome(delivery)) return null;
      const part = deliverNew(context, delivery, consumerOf(context, delivery));
      return readReply([part], context.client.resp);
    },
    gone: () => reply.error('UNBLOCKED the stream key no longer exists'),
  } as const;
}

const GROUP_GONE = 'NOGROUP the consumer group this client was blocked on no longer exists';

/** Whether entries were added that the group has not delivered, even if they are gone again. */
function hasCome({ stream, group }: Delivery): boolean {
  const { lastId } = stream;
  const { ms, seq } = group.lastId;
  return lastId.ms > ms || (lastId.ms === ms && lastId.seq > seq);
}
