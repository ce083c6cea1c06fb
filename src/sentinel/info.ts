/**
 * INFO of a sentinel: its process, its clients, and what it watches.
 *
 * @see redis/redis 7.0 src/sentinel.c, sentinelInfoCommand()
 */
import type { Millis } from '../base/time.js';
import type { SentinelState } from './state.js';
import { infoSection } from './views.js';

/** What the process knows and the rules do not. */
export interface SentinelHostFacts {
  readonly version: string;
  readonly runid: string;
  readonly port: number;
  readonly os: string;
  readonly archBits: number;
  readonly executable: string;
  /** '': there is none. */
  readonly configFile: string;
  readonly processId: number;
  /** Seconds since the start. */
  readonly uptimeSeconds: number;
  readonly clients: number;
  readonly maxClients: number;
  /** Since the start. */
  readonly connections: number;
  readonly rejected: number;
  readonly commands: number;
  readonly channels: number;
  readonly patterns: number;
  readonly cpu: { readonly systemSeconds: number; readonly userSeconds: number };
}

/**
 * @param sections - lower-case names; none, `all`, `default` and `everything` mean every section.
 * @param now - monotonic ms, the clock of the state's times.
 */
export function sentinelInfo(
  state: SentinelState,
  facts: SentinelHostFacts,
  sections: readonly string[],
  now: Millis,
): string {
  const wantsAll =
    sections.length === 0 ||
    sections.some((name) => ['all', 'default', 'everything'].includes(name));
  const rendered = [
    ['server', serverSection(facts)],
    ['clients', clientsSection(facts)],
    ['stats', statsSection(facts)],
    ['cpu', cpuSection(facts)],
    ['sentinel', infoSection(state, now)],
  ] as const;
  return rendered
    .filter(([name]) => wantsAll || sections.includes(name))
    .map(([, text]) => text)
    .join('\r\n');
}

function serverSection(facts: SentinelHostFacts): string {
  const { uptimeSeconds } = facts;
  return lines('# Server', [
    ['redis_version', facts.version],
    ['redis_mode', 'sentinel'],
    ['os', facts.os],
    ['arch_bits', facts.archBits],
    ['process_id', facts.processId],
    ['run_id', facts.runid],
    ['tcp_port', facts.port],
    ['uptime_in_seconds', uptimeSeconds],
    ['uptime_in_days', Math.floor(uptimeSeconds / 86_400)],
    ['executable', facts.executable],
    ['config_file', facts.configFile],
  ]);
}

function clientsSection({ clients, maxClients }: SentinelHostFacts): string {
  return lines('# Clients', [
    ['connected_clients', clients],
    ['maxclients', maxClients],
  ]);
}

function statsSection(facts: SentinelHostFacts): string {
  return lines('# Stats', [
    ['total_connections_received', facts.connections],
    ['total_commands_processed', facts.commands],
    ['rejected_connections', facts.rejected],
    ['pubsub_channels', facts.channels],
    ['pubsub_patterns', facts.patterns],
  ]);
}

function cpuSection({ cpu }: SentinelHostFacts): string {
  return lines('# CPU', [
    ['used_cpu_sys', cpu.systemSeconds.toFixed(6)],
    ['used_cpu_user', cpu.userSeconds.toFixed(6)],
  ]);
}

function lines(title: string, fields: readonly (readonly [string, string | number])[]): string {
  return `${title}\r\n${fields.map(([name, value]) => `${name}:${value}\r\n`).join('')}`;
}
