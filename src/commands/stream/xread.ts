/** `XREAD`: read what is new in streams, or wait for it. */
import { compareIds, GREATEST_ID, idAfter, type StreamId } from '../../keyspace/stream-id.js';
import { ReplyError, reply } from '../../resp/reply.js';
import { latin1 } from '../arguments.js';
import type { CommandContext } from '../context.js';
import { halfOfThoseBehind } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';
import { strictIdArg } from './id-argument.js';
import { BLOCKED_COUNT, type Reading, readingOf, readReply, type StreamPart } from './reading.js';

/**
 * `XREAD [COUNT n] [BLOCK ms] STREAMS key … id …` — entries behind the ids; `$` is the last one
 * there is.
 */
export const xread = {
  name: 'xread',
  group: 'stream',
  since: '5.0.0',
  summary: 'Read entries of streams behind ids that the client has seen, or wait for them',
  complexity: 'O(log(N) + M) for each stream, M entries that are read',
  arity: -4,
  flags: ['readonly', 'blocking'],
  acl: ['stream'],
  keys: [halfOfThoseBehind('STREAMS', 1, 'RO', 'access')],
  syntax: '[COUNT count:integer] [BLOCK milliseconds:integer] STREAMS (streams: key... id...)',
  run(context, args) {
    const reading = readingOf(context, args, false);
    const ids = reading.ids.map((id, i) => idToRead(context, id, reading.keys[i] ?? NONE));
    const parts: StreamPart[] = [];
    for (const [i, key] of reading.keys.entries()) {
      const part = partOf(context, key, ids[i] ?? GREATEST_ID, reading.count);
      if (part !== null) parts.push(part);
    }
    if (parts.length > 0) return readReply(parts, context.client.resp);
    if (reading.timeoutMs === null) return reply.nullArray;
    return blocked(reading, ids, reading.timeoutMs);
  },
} as const satisfies CommandSpec;

const NONE = Buffer.alloc(0);

/** @throws ReplyError WRONGTYPE, or for what is no id. */
function idToRead({ db }: CommandContext, id: Buffer, key: Buffer): StreamId {
  const stream = db.streams.read(key);
  const text = latin1(id);
  if (text === '$') return stream?.lastId ?? { ms: 0n, seq: 0n };
  if (text === '>') throw new ReplyError(ONLY_FOR_GROUPS);
  return strictIdArg(id);
}

const ONLY_FOR_GROUPS =
  'ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.';

/** @returns null: there is nothing behind the id. */
function partOf(
  { db }: CommandContext,
  key: Buffer,
  id: StreamId,
  count: number,
): StreamPart | null {
  const stream = db.streams.read(key);
  const from = idAfter(id);
  if (stream === null || from === null) return null;
  const { ids, bytes } = stream.items(from, GREATEST_ID, count);
  return ids.length === 0 ? null : { key, count: ids.length, bytes };
}

function blocked({ keys, count }: Reading, ids: readonly StreamId[], timeoutMs: number) {
  return {
    type: 'blocked-on-keys',
    keys,
    awaits: 'stream',
    timeoutMs,
    serve(context: CommandContext, key: Buffer) {
      // Of a key that is named twice the first id counts.
      const id = ids[keys.findIndex((each) => each.equals(key))] ?? GREATEST_ID;
      const stream = context.db.streams.read(key);
      const from = idAfter(id);
      if (stream === null || from === null || compareIds(stream.lastId, id) <= 0) return null;
      // What came may have gone again: then there is nothing in the answer.
      const items = stream.items(from, GREATEST_ID, count === 0 ? BLOCKED_COUNT : count);
      const part = { key, count: items.ids.length, bytes: items.bytes };
      return readReply([part], context.client.resp);
    },
  } as const;
}
