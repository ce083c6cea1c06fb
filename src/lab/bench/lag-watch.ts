/** How many bytes each replica is behind its master, over time. */
import type { LagSeries } from './result.js';
import type { System } from './system.js';

const EVERY_MS = 50;

export class LagWatch {
  readonly #seconds: number[] = [];
  readonly #bytes: number[][];
  readonly #begin = performance.now();
  readonly #running: Promise<void>;
  #isStopped = false;

  private constructor(system: System) {
    this.#bytes = system.replicas.map(() => []);
    this.#running = this.#watch(system);
  }

  static start(system: System): LagWatch {
    return new LagWatch(system);
  }

  async stop(): Promise<LagSeries> {
    this.#isStopped = true;
    await this.#running;
    return { seconds: this.#seconds, bytes: this.#bytes };
  }

  async #watch(system: System): Promise<void> {
    while (!this.#isStopped) {
      const [master, ...replicas] = await system.offsets();
      this.#seconds.push((performance.now() - this.#begin) / 1000);
      // A replica's answer may be younger than the master's: then it is ahead of what that said.
      for (const [i, list] of this.#bytes.entries()) {
        list.push(Math.max(0, master! - (replicas[i] ?? master!)));
      }
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  }
}
