/** `XAUTOCLAIM`: claim what has been pending for long, wherever it is. */
import type { StreamConsumer } from '../../keyspace/stream-handle.js';
import { idAfter, idText, LEAST_ID, type StreamId } from '../../keyspace/stream-id.js';
import { type Reply, ReplyError, reply } from '../../resp/reply.js';
import { integerArg, SYNTAX_ERROR, wordArg } from '../arguments.js';
import { oneKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';
import { claim } from './claim.js';
import { propagateClaim } from './deliver.js';
import { rangeStartArg } from './id-argument.js';
import { groupAt, groupToChange } from './lookup.js';

/** Entries looked at for each that COUNT allows. */
const ATTEMPTS = 10;
const DEFAULT_COUNT = 100;
/** Redis' limit: what it would have no memory to note. */
const MOST = Math.floor(2 ** 63 / 16);

/**
 * `XAUTOCLAIM key group consumer min-idle-time start [COUNT n] [JUSTID]` — reply with where to go
 * on, the entries that were claimed, and the ids of those that had been deleted.
 */
export const xautoclaim = {
  name: 'xautoclaim',
  group: 'stream',
  since: '6.2.0',
  history: [
    [
      '7.0.0',
      'Added an element to the reply array, containing deleted entries the command cleared from the PEL',
    ],
  ],
  summary: 'Make a consumer the owner of entries that have been pending for long',
  complexity: 'O(1) if COUNT is small',
  arity: -6,
  flags: ['write', 'fast'],
  acl: ['stream'],
  tips: ['nondeterministic_output'],
  keys: oneKey('RW', 'delete'),
  syntax: 'key group consumer min-idle-time start [COUNT count:integer] [JUSTID]',
  tellsWatchers: true,
  run(context, args) {
    const [, key = NONE, groupName = NONE, consumerName = NONE, idle, start] = args;
    const { db, nowMs } = context;
    const leastIdleMs = integerArg(idle, 'ERR Invalid min-idle-time argument for XAUTOCLAIM');
    let next: StreamId | null = rangeStartArg(start);
    const { count, isJustId } = optionsOf(args.slice(6));
    groupAt(db, key, groupName);
    const { stream, group } = groupToChange(db, key, groupName);
    const named = { key, groupName, group, stream };
    let consumer: StreamConsumer | null = null;
    const claimed: Reply[] = [];
    const deleted: StreamId[] = [];
    let left = count;
    for (let attempts = count * ATTEMPTS; attempts > 0 && left > 0; attempts--) {
      const id: StreamId | null = next === null ? null : group.pendingFrom(next);
      const pending = id === null ? null : group.pending(id);
      if (id === null || pending === null) {
        next = null;
        break;
      }
      next = idAfter(id);
      if (!stream.has(id)) {
        propagateClaim(context, named, pending.consumer, id);
        group.acknowledge(id);
        deleted.push(id);
        left--;
        continue;
      }
      if (leastIdleMs > 0 && nowMs - pending.deliveredAt < leastIdleMs) continue;
      const deliveries = isJustId ? pending.deliveries : pending.deliveries + 1n;
      const how = { deliveredAt: nowMs, deliveries, isJustId };
      const done = claim(context, named, consumer ?? consumerName, id, how);
      consumer = done.consumer;
      claimed.push(done.reply);
      left--;
    }
    const end = next === null ? null : group.pendingFrom(next);
    return reply.array([
      reply.bulk(idText(end ?? LEAST_ID)),
      reply.array(claimed),
      reply.bulks(deleted.map(idText)),
    ]);
  },
} as const satisfies CommandSpec;

const NONE = Buffer.alloc(0);

/** @throws ReplyError */
function optionsOf(args: readonly Buffer[]): {
  readonly count: number;
  readonly isJustId: boolean;
} {
  let count = DEFAULT_COUNT;
  let isJustId = false;
  for (let i = 0; i < args.length; i++) {
    const option = wordArg(args[i]);
    if (option === 'count' && i + 1 < args.length) {
      count = integerArg(args[++i], 'ERR COUNT must be > 0');
      if (count < 1 || count > MOST) throw new ReplyError('ERR COUNT must be > 0');
    } else if (option === 'justid') isJustId = true;
    else throw new ReplyError(SYNTAX_ERROR);
  }
  return { count, isJustId };
}
