/**
 * In-process propagation: a client's batches, the master, and every replica, without a socket.
 *
 * The clock stops when the replicas have applied what the master was sent. The master's memory and
 * theirs are read, not asked: each node's head is its replication offset.
 */
import { Cluster } from '../src/index.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Batch, type BatchLoad, setBatches } from '../src/lab/load/set-batches.js';

/** Batches on their way to the master at any time. */
const IN_FLIGHT = 8;

export interface InProcessRun {
  readonly commandsPerSecond: number;
  readonly bytesPerSecond: number;
}

export class InProcess {
  readonly cluster: Cluster;
  readonly #encoded = new Map<string, readonly Batch[]>();

  private constructor(cluster: Cluster) {
    this.cluster = cluster;
  }

  static async start(replicas: number, backlog = '64mb'): Promise<InProcess> {
    const config = { 'repl-backlog-size': backlog };
    return new InProcess(await Cluster.start({ replicas, sentinels: 0, config }));
  }

  /** @returns the rate from the first batch sent to the last one applied everywhere. */
  propagate(load: BatchLoad, commands: number): Promise<InProcessRun> {
    return this.send(this.#batches(load), commands);
  }

  /** As `propagate`, with batches of any commands: as many rounds of them as it takes. */
  async send(batches: readonly Batch[], commands: number): Promise<InProcessRun> {
    const channel = this.cluster.batches();
    const offsetBefore = this.#offsets()[0]!;
    const begin = performance.now();
    const perBatch = batches[0]!.commands;
    const rounds = Math.ceil(commands / perBatch);
    const pending: Promise<void>[] = [];
    for (let i = 0; i < rounds; i += 1) {
      const { bytes, commands: replies } = batches[i % batches.length]!;
      pending.push(channel.send(bytes, replies, 'share'));
      if (pending.length >= IN_FLIGHT) await pending.shift();
    }
    await Promise.all(pending);
    await this.#applied();
    const seconds = (performance.now() - begin) / 1000;
    const bytes = this.#offsets()[0]! - offsetBefore;
    channel.close();
    return {
      commandsPerSecond: (rounds * perBatch) / seconds,
      bytesPerSecond: bytes / seconds,
    };
  }

  /**
   * @returns seconds that the master's thread has been on a CPU; null: this system does not tell.
   */
  async masterCpuSeconds(): Promise<number | null> {
    const { cpuSeconds } = await this.cluster.operator(this.cluster.masterId).vitals();
    return cpuSeconds;
  }

  /** Empty the master and every replica. */
  async flush(): Promise<void> {
    const client = this.cluster.client();
    await client.call('FLUSHALL');
    client.close();
    await this.#applied();
  }

  /** Encoded once, however many runs there are. */
  #batches(load: BatchLoad): readonly Batch[] {
    const key = JSON.stringify(load);
    const known = this.#encoded.get(key);
    if (known !== undefined) return known;
    const batches = setBatches(load);
    this.#encoded.set(key, batches);
    return batches;
  }

  /** The master's first. */
  #offsets(): number[] {
    return this.cluster.nodes().map(({ offset }) => offset);
  }

  async #applied(): Promise<void> {
    for (;;) {
      const [master, ...replicas] = this.#offsets();
      if (replicas.every((offset) => offset >= master!)) return;
      await sleep(0);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cluster.stop();
  }
}
