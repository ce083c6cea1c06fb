/** What the commands' side of a node must do ten times a second. */
import { evictClients } from './client-eviction.js';
import type { NodeServices } from '../commands/context.js';

/** End pauses, idle clients and those that keep too much, watch soft limits of output, take samples for INFO's rates. */
export function clientsCron(services: NodeServices): void {
  const nowMs = Math.floor(services.wallMicros() / 1000);
  services.pause.check(nowMs);
  services.events.drain(); // What the active cycle has deleted.
  services.stats.sample(services.stats.commands + services.core.counters().commands, nowMs);
  for (const client of services.clients.all()) client.output.cron(nowMs);
  evictClients(services, nowMs);
}
