/**
 * INFO of a sentinel: the server's identity and what it watches.
 *
 * @see redis/redis 7.0 src/sentinel.c, sentinelInfoCommand()
 */
import type { Millis } from '../base/time.js';
import { currentMasterAddress } from './state.js';
import type { Master, SentinelState } from './state.js';

/** What the process knows and the rules do not. */
export interface SentinelHostFacts {
  readonly version: string;
  readonly runid: string;
  readonly port: number;
  readonly processId: number;
  /** Seconds since the start. */
  readonly uptimeSeconds: number;
  readonly clients: number;
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
    ['clients', `# Clients\r\nconnected_clients:${facts.clients}\r\n`],
    ['sentinel', sentinelSection(state, now)],
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
    ['process_id', facts.processId],
    ['run_id', facts.runid],
    ['tcp_port', facts.port],
    ['uptime_in_seconds', uptimeSeconds],
    ['uptime_in_days', Math.floor(uptimeSeconds / 86_400)],
  ]);
}

function sentinelSection(state: SentinelState, now: Millis): string {
  const { masters, tiltSince } = state;
  const tiltSeconds = tiltSince === null ? -1 : Math.floor((now - tiltSince) / 1000);
  return lines('# Sentinel', [
    ['sentinel_masters', masters.size],
    ['sentinel_tilt', tiltSince === null ? 0 : 1],
    ['sentinel_tilt_since_seconds', tiltSeconds],
    ['sentinel_running_scripts', 0],
    ['sentinel_scripts_queue_length', 0],
    ['sentinel_simulate_failure_flags', 0],
    ...[...masters.values()].map((master, i) => [`master${i}`, masterLine(master)] as const),
  ]);
}

function masterLine(master: Master): string {
  const { host, port } = currentMasterAddress(master);
  let status = 'ok';
  if (master.odown) status = 'odown';
  else if (master.sdown) status = 'sdown';
  return `name=${master.name},status=${status},address=${host}:${port},slaves=${master.replicas.size},sentinels=${master.sentinels.size + 1}`;
}

function lines(title: string, fields: readonly (readonly [string, string | number])[]): string {
  return `${title}\r\n${fields.map(([name, value]) => `${name}:${value}\r\n`).join('')}`;
}
