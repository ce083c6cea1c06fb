/** `XPENDING`: what consumers of a group have got and not acknowledged. */
import type { StreamGroup } from '../../keyspace/stream-handle.js';
import {
  compareIds,
  GREATEST_ID,
  idText,
  LEAST_ID,
  type StreamId,
} from '../../keyspace/stream-id.js';
import { type Reply, ReplyError, reply } from '../../resp/reply.js';
import { integerArg, SYNTAX_ERROR, wordArg } from '../arguments.js';
import { oneKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';
import { rangeEndArg, rangeStartArg } from './id-argument.js';
import { groupAt } from './lookup.js';

/**
 * `XPENDING key group [[IDLE ms] start end count [consumer]]` — an overview, or the entries of a
 * range.
 */
export const xpending = {
  name: 'xpending',
  group: 'stream',
  since: '5.0.0',
  history: [['6.2.0', 'Added the `IDLE` option and exclusive range intervals.']],
  summary: 'Tell what has been delivered to consumers of a group and not acknowledged',
  complexity: 'O(N), N entries that are told; an overview O(M), M consumers',
  arity: -3,
  flags: ['readonly'],
  acl: ['stream'],
  tips: ['nondeterministic_output'],
  keys: oneKey('RO', 'access'),
  syntax: 'key group [filters: [IDLE min-idle-time:integer] start end count:integer [consumer]]',
  run({ db, nowMs }, args) {
    const [, key = NONE, groupName = NONE] = args;
    const filter = filterOf(args);
    const { group } = groupAt(db, key, groupName);
    return filter === null ? overview(group) : listing(group, filter, nowMs);
  },
} as const satisfies CommandSpec;

const NONE = Buffer.alloc(0);

interface Filter {
  readonly leastIdleMs: number;
  readonly from: StreamId;
  readonly to: StreamId;
  readonly count: number;
  readonly consumer: Buffer | null;
}

/** @returns null: an overview is wanted. @throws ReplyError */
function filterOf(args: readonly Buffer[]): Filter | null {
  if (args.length === 3) return null;
  if (args.length < 6 || args.length > 9) throw new ReplyError(SYNTAX_ERROR);
  const isIdle = wordArg(args[3]) === 'idle';
  const leastIdleMs = isIdle ? integerArg(args[4]) : 0;
  if (isIdle && args.length < 8) throw new ReplyError(SYNTAX_ERROR);
  const [start, end, many, consumer = null] = args.slice(isIdle ? 5 : 3);
  const count = Math.max(integerArg(many), 0);
  const from = rangeStartArg(start);
  return { leastIdleMs, from, to: rangeEndArg(end), count, consumer };
}

function overview(group: StreamGroup): Reply {
  const count = group.pendingCount;
  const first = group.pendingFrom(LEAST_ID);
  const last = group.pendingUpTo(GREATEST_ID);
  if (first === null || last === null) {
    return reply.array([reply.integer(count), reply.null, reply.null, reply.nullArray]);
  }
  const consumers = group.consumers().filter(({ pendingCount }) => pendingCount > 0);
  return reply.array([
    reply.integer(count),
    reply.bulk(idText(first)),
    reply.bulk(idText(last)),
    reply.array(
      consumers.map(({ name, pendingCount }) => reply.bulks([name, String(pendingCount)])),
    ),
  ]);
}

function listing(group: StreamGroup, filter: Filter, nowMs: number): Reply {
  const { leastIdleMs, from, to, count, consumer: name } = filter;
  const holder = name === null ? group : group.consumer(name);
  const found: Reply[] = [];
  if (holder === null || count === 0) return reply.emptyArray;
  for (const id of holder.pendingIds(from)) {
    if (compareIds(id, to) > 0) break;
    const pending = group.pending(id);
    if (pending === null) continue;
    const idleMs = nowMs - pending.deliveredAt;
    if (leastIdleMs !== 0 && idleMs < leastIdleMs) continue;
    found.push(
      reply.array([
        reply.bulk(idText(id)),
        reply.bulk(pending.consumer.name),
        reply.integer(Math.max(idleMs, 0)),
        reply.integer(BigInt.asIntN(64, pending.deliveries)),
      ]),
    );
    if (found.length === count) break;
  }
  return reply.array(found);
}
