/** A reader thread, as the thread that started it sees it. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { Tally } from './board.js';
import type { ReaderTask } from './reader-task.js';

export class Reader {
  readonly tally = new Tally();
  /** What was wrong with what it read. */
  readonly faults: string[] = [];
  isRunning = true;
  readonly #worker: Worker;
  readonly #ended: Promise<unknown>;

  private constructor(task: Omit<ReaderTask, 'tally'>) {
    this.#worker = new Worker(new URL('reader-thread.js', import.meta.url), {
      workerData: { ...task, tally: this.tally.buffer } satisfies ReaderTask,
    });
    this.#worker.on('message', ({ type, fault }: { type: string; fault?: string }) => {
      if (type === 'fault') this.faults.push(fault!);
    });
    this.#worker.on('error', (error) => this.faults.push(String(error)));
    this.#ended = once(this.#worker, 'exit').then(() => (this.isRunning = false));
  }

  /** Resolves when it reads. */
  static async start(task: Omit<ReaderTask, 'tally'>): Promise<Reader> {
    const reader = new Reader(task);
    await once(reader.#worker, 'message');
    return reader;
  }

  /** End its thread wherever it is. */
  async kill(): Promise<void> {
    await this.#worker.terminate();
  }

  /** Resolves when it has ended, as the board told it. */
  async ended(): Promise<void> {
    await this.#ended;
  }
}
