/** `MEMORY STATS`: tell what the node's memory is used for. */
import { reply, type Reply } from '../../resp/reply.js';
import type { CommandContext } from '../context.js';
import type { CommandSpec } from '../spec.js';

/**
 * `MEMORY STATS` — INFO's figures about memory under other names, and the index of each database.
 */
export const memoryStats = {
  name: 'stats',
  group: 'server',
  since: '4.0.0',
  summary: "Tell what the node's memory is used for",
  complexity: 'O(1)',
  arity: 2,
  flags: [],
  acl: [],
  differs: 'Figures of this allocator.',
  tips: ['nondeterministic_output', 'request_policy:all_shards', 'response_policy:special'],
  run(context) {
    const info = new Map(context.report.memory());
    const figure = (field: string): number => Number.parseFloat(String(info.get(field) ?? 0));
    const entries = (fields: readonly (readonly [string, string])[]): [Reply, Reply][] =>
      fields.map(([name, field]) => [reply.bulk(name), numberReply(name, figure(field))]);
    const keys = context.keyspace.totalKeys();
    const net = Math.max(0, figure('used_memory') - figure('used_memory_startup'));
    return reply.map([
      ...entries(BEFORE_DATABASES),
      ...databaseEntries(context),
      ...entries([['overhead.total', 'used_memory_overhead']]),
      [reply.bulk('keys.count'), reply.integer(keys)],
      [reply.bulk('keys.bytes-per-key'), reply.integer(keys > 0 ? Math.floor(net / keys) : 0)],
      ...entries(AFTER_DATABASES),
    ]);
  },
} as const satisfies CommandSpec;

/** Redis' names, in its order, and INFO's for the same figures. */
const BEFORE_DATABASES = [
  ['peak.allocated', 'used_memory_peak'],
  ['total.allocated', 'used_memory'],
  ['startup.allocated', 'used_memory_startup'],
  ['replication.backlog', 'mem_replication_backlog'],
  ['clients.slaves', 'mem_clients_slaves'],
  ['clients.normal', 'mem_clients_normal'],
  ['cluster.links', 'mem_cluster_links'],
  ['aof.buffer', 'mem_aof_buffer'],
  ['lua.caches', 'used_memory_scripts_eval'],
  ['functions.caches', 'used_memory_functions'],
] as const;

const AFTER_DATABASES = [
  ['dataset.bytes', 'used_memory_dataset'],
  ['dataset.percentage', 'used_memory_dataset_perc'],
  ['peak.percentage', 'used_memory_peak_perc'],
  ['allocator.allocated', 'allocator_allocated'],
  ['allocator.active', 'allocator_active'],
  ['allocator.resident', 'allocator_resident'],
  ['allocator-fragmentation.ratio', 'allocator_frag_ratio'],
  ['allocator-fragmentation.bytes', 'allocator_frag_bytes'],
  ['allocator-rss.ratio', 'allocator_rss_ratio'],
  ['allocator-rss.bytes', 'allocator_rss_bytes'],
  ['rss-overhead.ratio', 'rss_overhead_ratio'],
  ['rss-overhead.bytes', 'rss_overhead_bytes'],
  ['fragmentation', 'mem_fragmentation_ratio'],
  ['fragmentation.bytes', 'mem_fragmentation_bytes'],
] as const;

function numberReply(name: string, value: number): Reply {
  const isRatio = /ratio$|percentage$|^fragmentation$/.test(name);
  return isRatio ? reply.double(value) : reply.integer(value);
}

/** Bytes of a bucket of the index, and of a slot in the list of volatile keys. */
const BUCKET_BYTES = 64;
const VOLATILE_SLOT_BYTES = 8;

function databaseEntries({ keyspace }: CommandContext): [Reply, Reply][] {
  const all: [Reply, Reply][] = [];
  for (let index = 0; index < keyspace.databases; index++) {
    const db = keyspace.db(index);
    if (db.size() === 0) continue;
    const figures = [
      ['overhead.hashtable.main', db.buckets() * BUCKET_BYTES],
      ['overhead.hashtable.expires', db.expiresSize() * VOLATILE_SLOT_BYTES],
      ['overhead.hashtable.slot-to-keys', 0],
    ] as const;
    all.push([
      reply.bulk(`db.${index}`),
      reply.map(figures.map(([name, bytes]) => [reply.bulk(name), reply.integer(bytes)])),
    ]);
  }
  return all;
}
