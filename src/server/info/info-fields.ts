/** INFO's sections server, clients, persistence and cpu. */
import type { InfoFields } from '../../commands/node/observation.js';
import type { InfoSource } from './info-source.js';
import { REDIS_VERSION } from '../../base/redis-version.js';

/** A node's cron turns so often a second, whatever happens. */
const CRON_HZ = 10;

/** @returns a section as INFO has it. */
export function sectionText(title: string, fields: InfoFields): string {
  return `# ${title}\r\n${fields.map(([name, value]) => `${name}:${value}\r\n`).join('')}`;
}

/** What the section server tells of; a sentinel has less else. */
type Described = Pick<InfoSource, 'process' | 'stats'> & {
  readonly clock: Pick<InfoSource['clock'], 'wallMicros'>;
  readonly end?: InfoSource['end'];
};

export function serverFields(
  node: Described,
  nowMs: number,
  mode: 'standalone' | 'sentinel' = 'standalone',
): InfoFields {
  const { facts } = node.process;
  const endsInMs = node.end?.remainingMs() ?? null;
  const uptimeSeconds = Math.floor((nowMs - node.stats.startedAtMs) / 1000);
  return [
    ['redis_version', REDIS_VERSION],
    ['redis_git_sha1', '00000000'],
    ['redis_git_dirty', 0],
    ['redis_build_id', 'ringleader'],
    ['redis_mode', mode],
    ['os', facts.os],
    ['arch_bits', facts.archBits],
    ['monotonic_clock', 'POSIX clock_gettime'],
    ['multiplexing_api', 'epoll'],
    ['atomicvar_api', 'c11-builtin'],
    ['gcc_version', '0.0.0'],
    ['process_id', facts.processId],
    ['process_supervised', 'no'],
    ['run_id', node.process.runId],
    ['tcp_port', node.process.port()],
    ['server_time_usec', Math.floor(node.clock.wallMicros())],
    ['uptime_in_seconds', uptimeSeconds],
    ['uptime_in_days', Math.floor(uptimeSeconds / 86_400)],
    ['hz', CRON_HZ],
    ['configured_hz', CRON_HZ],
    ['lru_clock', Math.floor(nowMs / 1000) & 0xff_ffff],
    ['executable', facts.executable],
    ['config_file', facts.configFile],
    ['io_threads_active', 0],
    ...(endsInMs === null ? [] : [['shutdown_in_milliseconds', endsInMs] as const]),
  ];
}

export function clientFields({ clients, config, tracking }: InfoSource): InfoFields {
  const all = clients.all();
  return [
    ['connected_clients', all.filter((client) => client.link !== 'replica').length],
    ['cluster_connections', 0],
    ['maxclients', config.maxclients.value],
    ['client_recent_max_input_buffer', largest(all.map(({ output }) => output.inputBytes))],
    ['client_recent_max_output_buffer', largest(all.map(({ output }) => output.outputBytes))],
    ['blocked_clients', clients.blockedCount],
    ['tracking_clients', tracking.counts.clients],
    ['clients_in_timeout_table', clients.timedCount],
  ];
}

function largest(bytes: readonly number[]): number {
  return bytes.reduce((max, value) => Math.max(max, value), 0);
}

export function persistenceFields(node: InfoSource, nowMs: number): InfoFields {
  const { replication, saved, core } = node;
  const aof = node.appendOnly.info();
  const { totalKeys, doneKeys } = core.snapshots.progress() ?? { totalKeys: 0, doneKeys: 0 };
  return [
    ['loading', replication.isLoading() ? 1 : 0],
    ['async_loading', replication.isLoadingBeside() ? 1 : 0],
    ['current_cow_peak', 0],
    ['current_cow_size', 0],
    ['current_cow_size_age', 0],
    ['current_fork_perc', ((100 * doneKeys) / Math.max(1, totalKeys)).toFixed(2)],
    ['current_save_keys_processed', doneKeys],
    ['current_save_keys_total', totalKeys],
    ...saved.info(),
    ...aof.always,
    ['module_fork_in_progress', 0],
    ['module_fork_last_cow_size', 0],
    ...aof.whileOn,
    ...loadingFields(node, nowMs),
  ];
}

function loadingFields(node: InfoSource, nowMs: number): InfoFields {
  const { saved, appendOnly, replication } = node;
  const loading = saved.loading() ?? appendOnly.loading() ?? replication.loadingFullSync();
  if (loading === null) return [];
  const { startedAtSeconds, totalBytes, loadedBytes } = loading;
  const elapsed = Math.floor(nowMs / 1000) - startedAtSeconds;
  const leftBytes = Math.max(0, totalBytes - loadedBytes);
  const eta = elapsed === 0 ? 1 : (elapsed * leftBytes) / (loadedBytes + 1);
  return [
    ['loading_start_time', startedAtSeconds],
    ['loading_total_bytes', totalBytes],
    ['loading_rdb_used_mem', 0],
    ['loading_loaded_bytes', loadedBytes],
    ['loading_loaded_perc', (totalBytes === 0 ? 0 : (loadedBytes / totalBytes) * 100).toFixed(2)],
    ['loading_eta_seconds', Math.floor(eta)],
  ];
}

export function cpuFields({ process }: Pick<InfoSource, 'process'>): InfoFields {
  const { systemSeconds, userSeconds } = process.facts.cpu();
  const system = systemSeconds.toFixed(6);
  const user = userSeconds.toFixed(6);
  return [
    ['used_cpu_sys', system],
    ['used_cpu_user', user],
    ['used_cpu_sys_children', '0.000000'],
    ['used_cpu_user_children', '0.000000'],
    ['used_cpu_sys_main_thread', system],
    ['used_cpu_user_main_thread', user],
  ];
}
