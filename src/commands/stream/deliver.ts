/**
 * Giving a consumer entries: new ones, which are pending with it from then on, or those that were.
 *
 * Replicas are sent what came of it: XCLAIM for each entry, with the group's last id; where nothing
 * is pending (NOACK) XGROUP SETID, and the consumer, if it is new.
 *
 * @see redis/redis 7.0.15 src/t_stream.c, streamReplyWithRange(),
 *   streamReplyWithRangeFromConsumerPEL()
 */
import type { StreamConsumer, StreamGroup, StreamHandle } from '../../keyspace/stream-handle.js';
import {
  compareIds,
  GREATEST_ID,
  idAfter,
  idText,
  LEAST_ID,
  type StreamId,
} from '../../keyspace/stream-id.js';
import { ByteWriter } from '../../resp/byte-writer.js';
import type { CommandContext } from '../context.js';
import { hasDeletedFrom } from './lag.js';
import type { StreamPart } from './reading.js';

/** What is read from, and for whom. */
export interface Delivery {
  readonly key: Buffer;
  readonly groupName: Buffer;
  readonly consumerName: Buffer;
  readonly stream: StreamHandle;
  readonly group: StreamGroup;
  /** The most entries; 0: all. */
  readonly count: number;
  readonly isNoAck: boolean;
}

/** @returns the consumer, seen now; it is made if there is none. */
export function consumerOf(context: CommandContext, delivery: Delivery): StreamConsumer {
  const { key, groupName, consumerName, group, isNoAck } = delivery;
  const { propagate, nowMs } = context;
  const { consumer, isNew } = consumerNamed(context, key, group, consumerName);
  if (!isNew) consumer.seenAt = nowMs;
  else if (isNoAck) propagate('XGROUP', 'CREATECONSUMER', key, groupName, consumerName);
  return consumer;
}

/** @returns the consumer; one that is made is told of. */
export function consumerNamed(
  { nowMs, notify }: CommandContext,
  key: Buffer,
  group: StreamGroup,
  name: Buffer,
): { readonly consumer: StreamConsumer; readonly isNew: boolean } {
  const held = group.consumer(name);
  if (held !== null) return { consumer: held, isNew: false };
  const consumer = group.addConsumer(name, nowMs);
  notify('t', 'xgroup-createconsumer', key);
  return { consumer, isNew: true };
}

/** Give a consumer what the group has not delivered yet. @returns may be nothing. */
export function deliverNew(
  context: CommandContext,
  delivery: Delivery,
  consumer: StreamConsumer,
): StreamPart {
  const { key, groupName, stream, group, count, isNoAck } = delivery;
  const { nowMs } = context;
  const from = idAfter(group.lastId) ?? LEAST_ID;
  const { ids, bytes } = stream.items(from, GREATEST_ID, count);
  for (const id of ids) {
    advance(stream, group, id);
    if (isNoAck) continue;
    group.assign(consumer, id, nowMs, 1n);
    propagateClaim(context, { key, groupName, group }, consumer, id);
  }
  if (isNoAck && ids.length > 0) propagateGroupId(context, { key, groupName, group });
  return { key, count: ids.length, bytes };
}

/** A group has delivered an entry that comes after its last one. */
function advance(stream: StreamHandle, group: StreamGroup, id: StreamId): void {
  if (compareIds(id, group.lastId) <= 0) return;
  if (group.entriesRead !== -1n && !hasDeletedFrom(stream, id)) group.entriesRead++;
  else if (stream.added !== 0n) group.entriesRead = stream.distanceFromFirst(id);
  group.lastId = id;
}

/**
 * Give a consumer again what is pending with it, from an id on. One that is deleted has no fields.
 */
export function deliverAgain(
  { nowMs, client }: CommandContext,
  { key, stream, group, count }: Delivery,
  consumer: StreamConsumer,
  from: StreamId,
): StreamPart {
  const out = new ByteWriter();
  let given = 0;
  for (const id of consumer.pendingIds(from)) {
    const { ids, bytes } = stream.items(id, id, 1);
    if (ids.length > 0) {
      const deliveries = group.pending(id)?.deliveries ?? 0n;
      group.assign(consumer, id, nowMs, deliveries + 1n);
      out.bytes(bytes);
    } else {
      const text = idText(id);
      out.text(`*2\r\n$${text.length}\r\n${text}\r\n${client.resp === 3 ? '_' : '*-1'}\r\n`);
    }
    if (++given === count) break;
  }
  return { key, count: given, bytes: out.take() };
}

/** Which group it is about, for replicas. */
export interface NamedGroup {
  readonly key: Buffer;
  readonly groupName: Buffer;
  readonly group: StreamGroup;
}

/** Say whose an entry is, and since when. */
export function propagateClaim(
  { propagate }: CommandContext,
  { key, groupName, group }: NamedGroup,
  consumer: StreamConsumer,
  id: StreamId,
): void {
  const pending = group.pending(id);
  propagate(
    'XCLAIM',
    key,
    groupName,
    consumer.name,
    '0',
    idText(id),
    'TIME',
    String(pending?.deliveredAt ?? 0),
    'RETRYCOUNT',
    String(pending?.deliveries ?? 1n),
    'FORCE',
    'JUSTID',
    'LASTID',
    idText(group.lastId),
  );
}

/** Say what a group has delivered. */
export function propagateGroupId(
  { propagate }: CommandContext,
  { key, groupName, group }: NamedGroup,
): void {
  const read = String(group.entriesRead);
  propagate('XGROUP', 'SETID', key, groupName, idText(group.lastId), 'ENTRIESREAD', read);
}
