/** What the commands' side of a node must do ten times a second. */
import type { NodeServices } from './context.js';

/** End pauses and idle clients, watch soft limits of output, take samples for INFO's rates. */
export function clientsCron(services: NodeServices): void {
  const nowMs = Math.floor(services.wallMicros() / 1000);
  services.pause.check(nowMs);
  services.stats.sample(services.stats.commands + services.core.counters().commands, nowMs);
  for (const client of services.clients.all()) client.output.cron(nowMs);
}
