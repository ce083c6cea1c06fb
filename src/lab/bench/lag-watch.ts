/** How many bytes each replica is behind its master, over time. */
import type { LagSeries } from './result.js';
import type { System } from './system.js';

const EVERY_MS = 50;

export class LagWatch {
  readonly #system: System;
  readonly #seconds: number[] = [];
  readonly #bytes: number[][];
  #running: Promise<void> | null = null;
  #isStopped = false;

  constructor(system: System) {
    this.#system = system;
    this.#bytes = system.replicas.map(() => []);
  }

  start(): void {
    this.#running = this.#watch(performance.now());
    this.#running.catch(() => {}); // Seen by `stop`.
  }

  async stop(): Promise<LagSeries> {
    this.#isStopped = true;
    await this.#running;
    return { seconds: this.#seconds, bytes: this.#bytes };
  }

  async #watch(begin: number): Promise<void> {
    while (!this.#isStopped) {
      const [master, ...replicas] = await this.#system.offsets();
      this.#seconds.push((performance.now() - begin) / 1000);
      // A replica's answer may be younger than the master's: then it is ahead of what that said.
      for (const [i, list] of this.#bytes.entries()) {
        list.push(Math.max(0, master! - (replicas[i] ?? master!)));
      }
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  }
}
