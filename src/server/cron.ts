/** What the commands' side of a node must do ten times a second. */
import type { Core } from '../core/core.js';
import type { NodeClock } from '../commands/node/process.js';
import { type ClientEviction, evictClients } from './connection/client-eviction.js';
import type { KeyspaceEvents } from './keyspace-events.js';
import type { Pause } from './pause.js';

interface ClientsCron extends ClientEviction {
  readonly core: Core;
  readonly clock: NodeClock;
  readonly events: KeyspaceEvents;
  readonly pause: Pause;
}

/**
 * End pauses, idle clients and those that keep too much, watch soft limits of output, take samples
 * for INFO's rates.
 */
export function clientsCron(node: ClientsCron): void {
  const nowMs = Math.floor(node.clock.wallMicros() / 1000);
  node.pause.check(nowMs);
  node.events.drain(); // What the active cycle has deleted.
  node.stats.sample(node.stats.commands + node.core.counters().commands, nowMs);
  for (const client of node.clients.all()) client.output.cron(nowMs);
  evictClients(node, nowMs);
}
