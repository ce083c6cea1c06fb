/** What XCLAIM and XAUTOCLAIM do to one entry. */
import type { StreamConsumer, StreamHandle } from '../../keyspace/stream-handle.js';
import { idText, type StreamId } from '../../keyspace/stream-id.js';
import { type Reply, reply } from '../../resp/reply.js';
import type { CommandContext } from '../context.js';
import { consumerNamed, type NamedGroup, propagateClaim } from './deliver.js';
import { entryReplies } from './entries.js';

/** How the entry is pending from now on, and what is answered of it. */
export interface Claim {
  readonly deliveredAt: number;
  readonly deliveries: bigint;
  readonly isJustId: boolean;
}

/**
 * Make an entry of the stream pending with a consumer.
 *
 * @param owner - the consumer; its name before the first claim, which makes it if there is none.
 */
export function claim(
  context: CommandContext,
  named: NamedGroup & { readonly stream: StreamHandle },
  owner: StreamConsumer | Buffer,
  id: StreamId,
  { deliveredAt, deliveries, isJustId }: Claim,
): { readonly consumer: StreamConsumer; readonly reply: Reply } {
  const { key, group, stream } = named;
  let consumer: StreamConsumer;
  if (Buffer.isBuffer(owner)) {
    ({ consumer } = consumerNamed(context, key, group, owner));
    consumer.seenAt = context.nowMs;
  } else consumer = owner;
  group.assign(consumer, id, deliveredAt, deliveries);
  propagateClaim(context, named, consumer, id);
  if (isJustId) return { consumer, reply: reply.bulk(idText(id)) };
  const [entry = reply.null] = entryReplies(stream.items(id, id, 1));
  return { consumer, reply: entry };
}
