/** `XCLAIM`: make entries that are pending with one consumer pending with another. */
import type { StreamConsumer } from '../../keyspace/stream-handle.js';
import { compareIds, LEAST_ID, type StreamId } from '../../keyspace/stream-id.js';
import { type Reply, ReplyError, reply } from '../../resp/reply.js';
import { bigintArg, integerArg, latin1, quotable, wordArg } from '../arguments.js';
import { oneKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';
import { claim } from './claim.js';
import { propagateClaim, propagateGroupId } from './deliver.js';
import { parseStrictId, strictIdArg } from './id-argument.js';
import { groupAt, groupToChange } from './lookup.js';

/**
 * `XCLAIM key group consumer min-idle-time id … [IDLE ms | TIME unix-ms] [RETRYCOUNT n] [FORCE]
 * [JUSTID] [LASTID id]` — reply with the entries that were claimed.
 */
export const xclaim = {
  name: 'xclaim',
  group: 'stream',
  since: '5.0.0',
  summary: 'Make a consumer the owner of entries that are pending with another',
  complexity: 'O(log(N)) for each id, N entries pending in the group',
  arity: -6,
  flags: ['write', 'fast'],
  acl: ['stream'],
  tips: ['nondeterministic_output'],
  keys: oneKey('RW', 'update'),
  syntax:
    'key group consumer min-idle-time id... [IDLE ms:integer] [TIME unix-time-milliseconds:unix-time] [RETRYCOUNT count:integer] [FORCE] [JUSTID] [LASTID id]',
  tellsWatchers: true,
  run(context, args) {
    const [, key = NONE, groupName = NONE, consumerName = NONE, idle] = args;
    const { db, nowMs } = context;
    groupAt(db, key, groupName);
    const leastIdleMs = integerArg(idle, 'ERR Invalid min-idle-time argument for XCLAIM');
    const ids = idsOf(args);
    const options = optionsOf(args.slice(5 + ids.length), nowMs);
    const { stream, group } = groupToChange(db, key, groupName);
    const named = { key, groupName, group };
    let isLastIdNew = compareIds(options.lastId, group.lastId) > 0;
    if (isLastIdNew) group.lastId = options.lastId;
    let consumer: StreamConsumer | null = null;
    const replies: Reply[] = [];
    for (const id of ids) {
      const pending = group.pending(id);
      if (!stream.has(id)) {
        if (pending === null) continue;
        propagateClaim(context, named, pending.consumer, id);
        isLastIdNew = false;
        group.acknowledge(id);
        continue;
      }
      if (pending === null && !options.isForced) continue;
      if (pending !== null && leastIdleMs > 0 && nowMs - pending.deliveredAt < leastIdleMs)
        continue;
      const before = pending?.deliveries ?? 1n;
      const deliveries = options.deliveries ?? (options.isJustId ? before : before + 1n);
      const how = { deliveredAt: options.deliveredAt, deliveries, isJustId: options.isJustId };
      const claimed = claim(context, { ...named, stream }, consumer ?? consumerName, id, how);
      consumer = claimed.consumer;
      replies.push(claimed.reply);
      isLastIdNew = false;
    }
    if (isLastIdNew) propagateGroupId(context, named);
    return reply.array(replies);
  },
} as const satisfies CommandSpec;

const NONE = Buffer.alloc(0);

/** Those that stand in a row; options begin with what is none. */
function idsOf(args: readonly Buffer[]): readonly StreamId[] {
  const ids: StreamId[] = [];
  for (const arg of args.slice(5)) {
    const id = parseStrictId(arg);
    if (id === null) break;
    ids.push(id);
  }
  return ids;
}

interface Options {
  readonly isForced: boolean;
  readonly isJustId: boolean;
  /** Unix ms. */
  readonly deliveredAt: number;
  /** null: as many as there were, and perhaps one more. */
  readonly deliveries: bigint | null;
  readonly lastId: StreamId;
}

/** @throws ReplyError */
function optionsOf(args: readonly Buffer[], nowMs: number): Options {
  let isForced = false;
  let isJustId = false;
  let deliveredAt = nowMs;
  let deliveries: bigint | null = null;
  let lastId = LEAST_ID;
  for (let i = 0; i < args.length; i++) {
    const option = wordArg(args[i]);
    const hasValue = i + 1 < args.length;
    const refusal = `ERR Invalid ${option.toUpperCase()} option argument for XCLAIM`;
    if (option === 'force') isForced = true;
    else if (option === 'justid') isJustId = true;
    else if (option === 'idle' && hasValue) deliveredAt = nowMs - integerArg(args[++i], refusal);
    else if (option === 'time' && hasValue) deliveredAt = integerArg(args[++i], refusal);
    else if (option === 'retrycount' && hasValue) deliveries = bigintArg(args[++i], refusal);
    else if (option === 'lastid' && hasValue) lastId = strictIdArg(args[++i]);
    else {
      const shown = quotable(args[i], latin1(args[i]).length);
      throw new ReplyError(`ERR Unrecognized XCLAIM option '${shown}'`);
    }
  }
  // Clients compute times with clocks of their own: what cannot be is taken for now.
  if (deliveredAt < 0 || deliveredAt > nowMs) deliveredAt = nowMs;
  if (deliveries !== null && deliveries < 0n) deliveries = null;
  return { isForced, isJustId, deliveredAt, deliveries, lastId };
}
