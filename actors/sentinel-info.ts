/**
 * INFO of a sentinel: its process, its clients, and what it watches.
 *
 * What has no counterpart in a sentinel is reported as Redis' sentinel reports it, which has no use
 * for it either: monitoring tools expect the fields.
 *
 * @see redis/redis 7.0.15 src/sentinel.c, sentinelInfoCommand(); src/server.c, genRedisInfoString()
 */
import type { Millis } from '../src/base/time.js';
import type { InfoFields } from '../src/commands/node/observation.js';
import type { NodeClock, NodeProcess } from '../src/commands/node/process.js';
import type { Config } from '../src/config/config.js';
import type { SentinelClient } from '../src/io/sentinel-client.js';
import type { PubSub } from '../src/pubsub/pubsub.js';
import { infoSection } from '../src/sentinel/views.js';
import type { SentinelState } from '../src/sentinel/state.js';
import { cpuFields, sectionText, serverFields } from '../src/server/info/info-fields.js';
import { kbps } from '../src/server/info/info-stats.js';
import type { NodeStats } from '../src/server/observation/stats.js';

/** Where its figures come from. */
export interface SentinelInfoSource {
  readonly process: NodeProcess;
  readonly clock: Pick<NodeClock, 'wallMicros'>;
  readonly config: Config;
  readonly stats: NodeStats;
  readonly pubsub: PubSub;
  readonly clients: ReadonlyMap<number, SentinelClient>;
}

/**
 * @param asked - lower-case names; none, `all`, `default` and `everything` mean every section.
 * @param now - monotonic ms, the clock of the state's times.
 */
export function sentinelInfo(
  state: SentinelState,
  source: SentinelInfoSource,
  asked: readonly string[],
  now: Millis,
): string {
  const wantsAll =
    asked.length === 0 || asked.some((name) => ['all', 'default', 'everything'].includes(name));
  const nowMs = source.clock.wallMicros() / 1000;
  const sections = [
    ['server', () => sectionText('Server', serverFields(source, nowMs, 'sentinel'))],
    ['clients', () => sectionText('Clients', clientFields(source))],
    ['stats', () => sectionText('Stats', statsFields(source))],
    ['cpu', () => sectionText('CPU', cpuFields(source))],
    ['sentinel', () => infoSection(state, now)],
  ] as const;
  return sections
    .filter(([name]) => wantsAll || asked.includes(name))
    .map(([, text]) => text())
    .join('\r\n');
}

function clientFields({ clients, config }: SentinelInfoSource): InfoFields {
  return [
    ['connected_clients', clients.size],
    ['cluster_connections', 0],
    ['maxclients', config.maxclients.value],
    ['client_recent_max_input_buffer', 0],
    ['client_recent_max_output_buffer', 0],
    ['blocked_clients', 0],
    ['tracking_clients', [...clients.values()].filter(({ tracking }) => tracking !== null).length],
    ['clients_in_timeout_table', 0],
  ];
}

function statsFields({ stats, pubsub }: SentinelInfoSource): InfoFields {
  return [
    ['total_connections_received', stats.connections],
    ['total_commands_processed', stats.commands],
    ['instantaneous_ops_per_sec', stats.commandsPerSecond],
    ['total_net_input_bytes', stats.netInputBytes],
    ['total_net_output_bytes', stats.netOutputBytes],
    ...zero('total_net_repl_input_bytes total_net_repl_output_bytes'),
    ['instantaneous_input_kbps', kbps(stats.inputBytesPerSecond)],
    ['instantaneous_output_kbps', kbps(stats.outputBytesPerSecond)],
    ['instantaneous_input_repl_kbps', '0.00'],
    ['instantaneous_output_repl_kbps', '0.00'],
    ['rejected_connections', stats.rejectedConnections],
    ...zero('sync_full sync_partial_ok sync_partial_err expired_keys'),
    ['expired_stale_perc', '0.00'],
    ...zero('expired_time_cap_reached_count expire_cycle_cpu_milliseconds evicted_keys'),
    ...zero('evicted_clients total_eviction_exceeded_time current_eviction_exceeded_time'),
    ...zero('keyspace_hits keyspace_misses'),
    ['pubsub_channels', pubsub.channelCount],
    ['pubsub_patterns', pubsub.patternCount],
    ...zero('pubsubshard_channels latest_fork_usec total_forks migrate_cached_sockets'),
    ...zero('slave_expires_tracked_keys active_defrag_hits active_defrag_misses'),
    ...zero('active_defrag_key_hits active_defrag_key_misses total_active_defrag_time'),
    ...zero('current_active_defrag_time tracking_total_keys tracking_total_items'),
    ...zero('tracking_total_prefixes unexpected_error_replies'),
    ['total_error_replies', stats.totalErrors],
    ['dump_payload_sanitizations', 0],
    ['total_reads_processed', stats.reads],
    ['total_writes_processed', stats.writes],
    ...zero('io_threaded_reads_processed io_threaded_writes_processed'),
    ...zero('reply_buffer_shrinks reply_buffer_expands'),
  ];
}

function zero(names: string): InfoFields {
  return names.split(' ').map((name) => [name, 0] as const);
}
