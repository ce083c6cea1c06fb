/** What a cluster says while a round is under way, for rounds that went wrong or took long. */
import type { Cluster } from '../../src/cluster/cluster.js';
import type { ClusterEvent } from '../../src/cluster/events.js';

const NAMES: readonly ClusterEvent[] = [
  'node-up',
  'node-down',
  'sentinel-up',
  'sentinel-down',
  'coordinator-up',
  'coordinator-down',
  'restarting',
  'waiting-for-failover',
  'given-up',
  'switch-master',
  'election',
  'sentinel',
  'node',
];

export class Timeline {
  #lines: string[] = [];
  #begunAt = performance.now();

  constructor(cluster: Cluster) {
    for (const name of NAMES) {
      cluster.on(name, (event: unknown) => this.note(`${name} ${JSON.stringify(event)}`));
    }
  }

  note(text: string): void {
    const ms = (performance.now() - this.#begunAt).toFixed(0);
    this.#lines.push(`${ms.padStart(8)} ms  ${text}`);
  }

  /** Forget what was before. */
  begin(): void {
    this.#lines = [];
    this.#begunAt = performance.now();
  }

  get lines(): readonly string[] {
    return this.#lines;
  }
}
