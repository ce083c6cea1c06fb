/**
 * INFO of a sentinel: the server's identity and what it watches.
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
    ['process_id', facts.processId],
    ['run_id', facts.runid],
    ['tcp_port', facts.port],
    ['uptime_in_seconds', uptimeSeconds],
    ['uptime_in_days', Math.floor(uptimeSeconds / 86_400)],
  ]);
}

function lines(title: string, fields: readonly (readonly [string, string | number])[]): string {
  return `${title}\r\n${fields.map(([name, value]) => `${name}:${value}\r\n`).join('')}`;
}
