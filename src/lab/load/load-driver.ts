/** The main thread's side of a load's thread. */
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { type MessagePort, Worker } from 'node:worker_threads';

import { packageFile } from '../../base/package-file.js';
import { threadFlags } from '../../runtime/thread-flags.js';
import type { Batches } from './batches.js';
import type { FromLoad, LoadJob, LoadTotals, Sample, Target, ToLoad } from './messages.js';

export interface DriverOptions {
  readonly batches: Batches;
  readonly clients: number;
  readonly rate: number | null;
  readonly sampleEveryMs: number;
  /** Of the histograms for replicas. */
  readonly replicas: number;
  /** An end of a new in-process connection to the master; null: it cannot be reached. */
  openConnection(): { readonly port: MessagePort; readonly counters: SharedArrayBuffer } | null;
}

export class LoadDriver {
  readonly response = createHistogram({ figures: 3 });
  readonly applied: readonly RecordableHistogram[];
  readonly samples: Sample[] = [];
  readonly #worker: Worker;
  readonly #ready: Promise<void>;
  readonly #done: Promise<LoadTotals>;

  constructor(options: DriverOptions) {
    const { batches, clients, rate, sampleEveryMs } = options;
    this.applied = Array.from({ length: options.replicas }, () => createHistogram({ figures: 3 }));
    const { response, applied } = this;
    const workerData: LoadJob = { batches, clients, rate, sampleEveryMs, response, applied };
    const worker = new Worker(packageFile('dist/threads/load-thread.js'), {
      workerData,
      ...threadFlags(),
    });
    this.#worker = worker;
    this.#ready = new Promise((resolve) => {
      worker.on('message', ({ type }: FromLoad) => {
        if (type === 'ready') resolve();
      });
    });
    this.#done = new Promise((resolve, reject) => {
      worker.on('error', reject);
      worker.on('message', (message: FromLoad) => {
        if (message.type === 'sample') this.samples.push(message.sample);
        else if (message.type === 'done') resolve(message.totals);
        else if (message.type === 'need-port') {
          const connection = options.openConnection();
          const answer: ToLoad = { type: 'port', client: message.client, connection };
          worker.postMessage(answer, connection === null ? [] : [connection.port]);
        }
      });
    });
    this.#done.catch(() => {}); // Seen by whoever waits for it.
  }

  /** Aim at a master; resolves when all clients are connected, the first time. */
  async aim(target: Target): Promise<void> {
    this.#tell({ type: 'target', target });
    await Promise.race([this.#ready, this.#done]);
  }

  start(): void {
    this.#tell({ type: 'start' });
  }

  /** Stop the load, and the thread with it. */
  async stop(): Promise<LoadTotals> {
    this.#tell({ type: 'stop' });
    const totals = await this.#done;
    await this.#worker.terminate();
    return totals;
  }

  /** End the thread at once, whatever it does. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }

  #tell(message: ToLoad): void {
    this.#worker.postMessage(message);
  }
}
