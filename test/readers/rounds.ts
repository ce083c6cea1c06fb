/**
 * Threads killed at random moments: readers in the midst of reads, nodes in the midst of writes.
 *
 * Each round strikes a master, a replica or a reader, or two of them, while another thread's reads
 * go on, and asks afterwards: did every read succeed, how long until a write that began after the
 * strike was acknowledged, and is every write that was acknowledged there?
 */
import { setTimeout as sleep } from 'node:timers/promises';

import { Prng } from '../../src/base/prng.js';
import { type Cache, Cluster } from '../../src/index.js';
import { Board } from './board.js';
import { Reader } from './reader.js';
import { STAMP } from './reader-task.js';
import { checkValue, makeValue } from './values.js';

export interface RoundsPlan {
  readonly rounds: number;
  readonly seed: number;
  readonly progress: (line: string) => void;
}

export interface RoundResult {
  readonly struck: readonly string[];
  /** ms from the strike to the first acknowledgement of a write that was begun after it. */
  readonly resumedMs: number;
  readonly acked: number;
}

export interface RoundsResult {
  readonly rounds: readonly RoundResult[];
  readonly reads: number;
  /** ms that one read took at most, the machine's own pauses included. */
  readonly longestReadMs: number;
  readonly faults: readonly string[];
}

const KEYS = 500;
/** A cluster's nodes are restarted ever more slowly: then a fresh one. */
const ROUNDS_PER_CLUSTER = 5;
const READY_TIMEOUT_MS = 20_000;

export async function killRounds({ rounds, seed, progress }: RoundsPlan): Promise<RoundsResult> {
  const random = new Prng(seed);
  const results: RoundResult[] = [];
  const faults: string[] = [];
  let reads = 0;
  let longestReadMs = 0;
  while (results.length < rounds && faults.length === 0) {
    const stage = await Stage.start(random);
    try {
      for (let i = 0; i < ROUNDS_PER_CLUSTER && results.length < rounds; i++) {
        const result = await stage.round();
        results.push(result);
        progress(
          `round ${results.length}: ${result.struck.join(', ')}; ${result.resumedMs.toFixed(0)} ms`,
        );
      }
    } catch (error) {
      faults.push(`round ${results.length + 1}: ${String(error)}`);
    } finally {
      await stage.stop();
    }
    reads += stage.reads;
    longestReadMs = Math.max(longestReadMs, stage.longestReadMs);
    faults.push(...stage.faults);
  }
  return { rounds: results, reads, longestReadMs, faults };
}

class Stage {
  reads = 0;
  longestReadMs = 0;
  readonly faults: string[] = [];
  readonly #cluster: Cluster;
  readonly #cache: Cache<Buffer>;
  readonly #random: Prng;
  readonly #board = new Board();
  /** The first lives as long as the stage; the second is there to be killed. */
  #readers: Reader[] = [];
  /** Of what was killed in this round. */
  readonly #ends: Promise<void>[] = [];
  #batch = 0;
  /** The last batch acknowledged for each key. */
  readonly #acked = new Map<string, number>();

  private constructor(cluster: Cluster, cache: Cache<Buffer>, random: Prng) {
    this.#cluster = cluster;
    this.#cache = cache;
    this.#random = random;
  }

  static async start(random: Prng): Promise<Stage> {
    const cluster = await Cluster.start({ replicas: 2, sentinels: 3 });
    const cache = await cluster.cache({ codec: 'buffer', retryForMs: 15_000 });
    const stage = new Stage(cluster, cache, random);
    await stage.#write();
    stage.#readers = [await stage.#newReader(), await stage.#newReader()];
    return stage;
  }

  async round(): Promise<RoundResult> {
    const before = this.#batch;
    const state = { isWriting: true };
    // Writes go on all the while, one after the other: what resumes is what was interrupted.
    const writing = (async () => {
      while (state.isWriting) await this.#write();
    })();
    await sleep(this.#random.below(40));
    const struck = this.#strike();
    const struckAt = performance.now();
    const resumed = this.#write().then(() => performance.now() - struckAt);
    // Either may be the one that is given up.
    const [resumedMs] = await Promise.all([
      resumed.finally(() => {
        state.isWriting = false;
      }),
      writing,
    ]);
    await Promise.all(this.#ends.splice(0));
    await this.#untilWhole();
    await this.#verify();
    return { struck, resumedMs, acked: this.#batch - before };
  }

  async stop(): Promise<void> {
    this.#board.end();
    for (const reader of this.#readers) await this.#end(reader);
    await this.#cluster.stop();
  }

  /** One write of each kind: the stamp, and a key drawn at random. */
  async #write(): Promise<void> {
    this.#batch += 1;
    const batch = this.#batch;
    const key = `k${this.#random.below(KEYS)}`;
    await Promise.all([
      this.#cache.set(STAMP, makeValue(STAMP, batch, 0, 0)),
      this.#cache.set(key, makeValue(key, batch, 0, this.#random.below(300))),
    ]);
    if (batch > (this.#acked.get(key) ?? 0)) this.#acked.set(key, batch);
    if (batch > this.#board.acked) this.#board.ack(batch, Date.now());
  }

  #strike(): string[] {
    const struck: string[] = [];
    const dice = this.#random.below(4);
    if (dice !== 1) {
      const { masterId } = this.#cluster;
      const replicas = this.#cluster.nodes().filter(({ id }) => id !== masterId);
      const id = dice === 2 ? replicas[this.#random.below(replicas.length)]!.id : masterId;
      struck.push(id === masterId ? `master ${id}` : `replica ${id}`);
      this.#ends.push(this.#cluster.kill(id));
    }
    if (dice === 1 || this.#random.below(2) === 0) {
      struck.push('reader');
      const [, victim] = this.#readers;
      if (victim !== undefined) this.#ends.push(victim.kill());
    }
    return struck;
  }

  /** Everything that was killed is there again, and follows the master. */
  async #untilWhole(): Promise<void> {
    const giveUpAt = performance.now() + READY_TIMEOUT_MS;
    const isWhole = (): boolean =>
      this.#cluster.nodes().every(({ state }) => state === 'up') &&
      this.#cache.staleness().every(({ lagBytes }) => lagBytes < 1000);
    while (!isWhole()) {
      if (performance.now() > giveUpAt) {
        throw new Error(
          `not whole: ${JSON.stringify([this.#cluster.nodes(), this.#cache.staleness()])}`,
        );
      }
      await sleep(5);
    }
    const [first, second] = this.#readers;
    if (second?.isRunning === true) return;
    this.#take(second!);
    this.#readers = [first!, await this.#newReader()];
  }

  /** Every write that was acknowledged is there, or a later one. */
  async #verify(): Promise<void> {
    for (const [key, batch] of this.#acked) {
      const value = await this.#cache.client.request('GET', key);
      const facts = value.type === 'bulk' ? checkValue(key, Buffer.from(value.value)) : 'missing';
      if (typeof facts === 'string') this.faults.push(`${key}: ${facts}`);
      else if (facts.batch < batch) {
        this.faults.push(`${key}: write ${batch} was acknowledged, ${facts.batch} is there`);
      }
    }
  }

  #newReader(): Promise<Reader> {
    return Reader.start({
      handle: this.#cluster.handle(),
      board: this.#board.buffer,
      read: this.#random.below(2) === 0 ? 'master' : 'nearest',
      maxStalenessMs: 2_000,
      keys: KEYS,
      seed: this.#random.below(2 ** 31),
    });
  }

  async #end(reader: Reader): Promise<void> {
    await reader.ended();
    this.#take(reader);
  }

  #take({ tally, faults }: Reader): void {
    this.reads += tally.reads;
    this.longestReadMs = Math.max(this.longestReadMs, tally.longestMs);
    if (tally.failures > 0) this.faults.push(`${tally.failures} reads failed`);
    this.faults.push(...faults);
  }
}
