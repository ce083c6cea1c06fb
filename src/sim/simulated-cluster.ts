/** A simulated cluster as a check of one's own sees it, once it is whole again. */
import type { Millis } from '../base/time.js';
import type { History } from './history.js';
import type { Outage } from './outages.js';

export interface SimulatedCluster {
  /** What clients asked and were told. */
  readonly history: History;
  /** Since it began. */
  readonly nowMs: Millis;
  /** The id of the node that all sentinels name; null: there is none. */
  readonly masterId: string | null;
  /** The number at a key, in the master; 0: it is not there. */
  valueOf(key: string): number;
  /** Masters that died, and how long it took until there was another one. */
  readonly outages: readonly Outage[];
  /** How often something has happened: `+switch-master`, `full-resync`, `writes lost`… */
  countOf(what: string): number;
}
