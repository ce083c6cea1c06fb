/** INFO's section stats. */
import type { InfoFields } from '../../commands/node/observation.js';
import type { InfoSource } from './info-source.js';

export function statsFields(node: InfoSource): InfoFields {
  const { stats, pubsub, core, replication } = node;
  const tracked = node.tracking.counts;
  const counters = core.counters();
  const sync = replication.syncCounts();
  const { expiry, defrag } = node.upkeep;
  const moved = core.upkeep.defragCounts();
  const exceeded = core.upkeep.exceeded(Math.floor(node.clock.wallMicros() / 1000));
  return [
    ['total_connections_received', stats.connections],
    ['total_commands_processed', stats.commands + counters.commands],
    ['instantaneous_ops_per_sec', stats.commandsPerSecond],
    ['total_net_input_bytes', stats.netInputBytes],
    ['total_net_output_bytes', stats.netOutputBytes],
    ['total_net_repl_input_bytes', sync.inputBytes],
    ['total_net_repl_output_bytes', sync.outputBytes],
    ['instantaneous_input_kbps', kbps(stats.inputBytesPerSecond)],
    ['instantaneous_output_kbps', kbps(stats.outputBytesPerSecond)],
    ['instantaneous_input_repl_kbps', '0.00'],
    ['instantaneous_output_repl_kbps', '0.00'],
    ['rejected_connections', stats.rejectedConnections],
    ['sync_full', sync.full],
    ['sync_partial_ok', sync.partialOk],
    ['sync_partial_err', sync.partialErr],
    ['expired_keys', counters.expiredKeys],
    ['expired_stale_perc', expiry.stalePercent.toFixed(2)],
    ['expired_time_cap_reached_count', expiry.capReached],
    ['expire_cycle_cpu_milliseconds', Math.floor(expiry.totalMicros / 1000)],
    ['evicted_keys', counters.evictedKeys],
    ['evicted_clients', stats.evictedClients],
    ['total_eviction_exceeded_time', exceeded.totalMs],
    ['current_eviction_exceeded_time', exceeded.currentMs],
    ['keyspace_hits', counters.hits],
    ['keyspace_misses', counters.misses],
    ['pubsub_channels', pubsub.channelCount],
    ['pubsub_patterns', pubsub.patternCount],
    ['pubsubshard_channels', pubsub.shardChannelCount],
    ['latest_fork_usec', 0],
    ['total_forks', node.saved.snapshotsBegun],
    ['migrate_cached_sockets', node.migrations.connections],
    ['slave_expires_tracked_keys', node.keyspace.ownExpiries()],
    ['active_defrag_hits', moved.hits],
    ['active_defrag_misses', moved.misses],
    ['active_defrag_key_hits', moved.hits],
    ['active_defrag_key_misses', moved.misses],
    ['total_active_defrag_time', Math.floor(defrag.totalMicros / 1000)],
    ['current_active_defrag_time', 0],
    ['tracking_total_keys', tracked.keys],
    ['tracking_total_items', tracked.items],
    ['tracking_total_prefixes', tracked.prefixes],
    ['unexpected_error_replies', stats.unexpectedErrors],
    ['total_error_replies', stats.totalErrors + counters.errorReplies],
    ['dump_payload_sanitizations', 0],
    ['total_reads_processed', stats.reads],
    ['total_writes_processed', stats.writes],
    ['io_threaded_reads_processed', 0],
    ['io_threaded_writes_processed', 0],
    ['reply_buffer_shrinks', 0],
    ['reply_buffer_expands', 0],
  ];
}

export function kbps(bytesPerSecond: number): string {
  return (bytesPerSecond / 1024).toFixed(2);
}
