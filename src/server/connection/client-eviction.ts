/**
 * maxmemory-clients: when clients together keep too much (input, arguments, output), the largest
 * go.
 *
 * Looked at ten times a second; where `maxmemory` is set as well, whenever a client's buffers grow,
 * for clients have to go before keys do. Redis looks after every turn.
 *
 * @see redis/redis 7.0.15 src/networking.c, evictClients() and getClientEvictionLimit()
 */
import type { Client } from '../client.js';
import type { NodeLog } from '../../commands/node/process.js';
import type { Config } from '../../config/config.js';
import type { ClientRegistry } from '../client-registry.js';
import type { NodeStats } from '../observation/stats.js';

/** Who may have to go, and where that is noted. */
export interface ClientEviction {
  readonly config: Config;
  readonly clients: ClientRegistry;
  readonly stats: NodeStats;
  readonly log: NodeLog;
}

/** A lower limit would let no client in that could raise it. */
const LEAST_LIMIT_BYTES = 128 * 1024;

/**
 * @param setting - maxmemory-clients: bytes, or minus a percentage of `maxmemoryBytes`; 0: none.
 * @returns bytes, or null: no limit.
 */
export function clientMemoryLimit(setting: number, maxmemoryBytes: number): number | null {
  if (setting === 0 || (setting < 0 && maxmemoryBytes === 0)) return null;
  const bytes = setting > 0 ? setting : Math.floor((maxmemoryBytes * -setting) / 100);
  return Math.max(LEAST_LIMIT_BYTES, bytes);
}

/**
 * evictClients() at once, where buffers that have grown to `bytes` altogether may be over the
 * limit.
 */
export function evictClientsOver(services: ClientEviction, bytes: number, nowMs: number): void {
  const { maxmemoryClients, maxmemory } = services.config;
  if (maxmemoryClients.value === 0) return;
  const limit = clientMemoryLimit(maxmemoryClients.value, maxmemory.value);
  if (limit !== null && bytes >= limit) evictClients(services, nowMs);
}

/** End the largest clients until the others are within the limit. */
export function evictClients(services: ClientEviction, nowMs: number): void {
  const { config, clients } = services;
  const limit = clientMemoryLimit(config.maxmemoryClients.value, config.maxmemory.value);
  if (limit === null) return;
  const counted = clients.all().filter((client) => client.link === null);
  let bytes = counted.reduce((sum, client) => sum + client.memoryBytes, 0);
  if (bytes < limit) return;
  for (const client of counted.filter(({ noEvict }) => !noEvict).toSorted(largestFirst)) {
    if (bytes < limit) return;
    bytes -= client.memoryBytes;
    services.log.write('notice', `Evicting client: ${client.describe(nowMs)}`);
    services.stats.evictedClients++;
    client.output.kill();
  }
  if (bytes < limit) return;
  services.log.write('warning', 'Over client maxmemory after evicting all evictable clients');
}

function largestFirst(a: Client, b: Client): number {
  return b.memoryBytes - a.memoryBytes;
}
