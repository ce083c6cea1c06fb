/**
 * Client libraries through one failover after the other, on one cluster, by one connection each:
 * what each round took, whether a client hung in silence, and which acknowledged writes are gone.
 *
 * Clients find the cluster through fault proxies, so that a master can be black-holed to them too.
 */
import { Redis } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSentinel } from 'redis';

import { Cluster } from '../../src/cluster/cluster.js';
import type { EngineChoice } from '../../src/cluster/engine/engine-choice.js';
import { drillTarget } from '../../src/drill/stage/context.js';
import { FaultProxies } from '../../src/drill/stage/fault-proxies.js';
import { Asker } from '../../src/io/asker.js';
import { until } from '../support/until.js';

export const KINDS = ['kill', 'stop', 'black-hole', 'manual', 'coordinated'] as const;
export type FailoverKind = (typeof KINDS)[number];

/** ms from the new master's name until each client must have got a write through. */
const HANG_MS = 15_000;
const LIMIT_MS = 60_000;
/** ms between two writes. */
const PAUSE_MS = 2;

/** One library at work. */
interface Library {
  readonly name: string;
  set(key: string, value: string): Promise<unknown>;
  close(): void;
}

/** What it has written, and how it fared. */
interface Writer {
  readonly library: Library;
  /** Keys whose write was acknowledged, since the last round. */
  acked: string[];
  /** Errors since the last round. */
  errors: number;
  /** When the last write began that was acknowledged. */
  lastBegunAt: number;
}

export interface Round {
  readonly kind: FailoverKind;
  /** ms from the strike until each client's first write to the new master, by its name. */
  readonly backMs: Readonly<Record<string, number>>;
  readonly acked: number;
  readonly errors: number;
  /** Acknowledged writes that the master does not have. */
  readonly lost: readonly string[];
  /** Clients that got nothing through, and no error either. */
  readonly hung: readonly string[];
  /** Clients that got nothing through, and said so. */
  readonly failed: readonly string[];
}

export class FailoverRounds implements AsyncDisposable {
  readonly cluster: Cluster;
  readonly #proxies: FaultProxies;
  readonly #over = new AbortController();
  readonly #writers: Writer[] = [];
  readonly #loops: Promise<void>[] = [];
  #count = 0;

  private constructor(cluster: Cluster, proxies: FaultProxies) {
    this.cluster = cluster;
    this.#proxies = proxies;
  }

  static async start(engine: EngineChoice, strict = false): Promise<FailoverRounds> {
    const cluster = await Cluster.start({
      engine,
      strict,
      replicas: 2,
      sentinels: 3,
      detection: 'down-after',
      downAfterMs: 500,
      failoverTimeoutMs: 2_000,
      readyTimeoutMs: LIMIT_MS,
      config: { 'repl-diskless-sync-delay': 0 },
    });
    try {
      const rounds = new FailoverRounds(cluster, await FaultProxies.open(cluster));
      await rounds.#begin();
      return rounds;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** One failover of this kind, and its end: all have settled, and what was written is compared. */
  async round(kind: FailoverKind): Promise<Round> {
    this.#proxies.newLog(); // One of all rounds would only grow.
    await this.#untilAll((writer) => writer.lastBegunAt > 0, 'all write', LIMIT_MS);
    for (const writer of this.#writers) {
      writer.acked = [];
      writer.errors = 0;
    }
    const old = this.cluster.masterId;
    const switched = this.cluster.once('switch-master', { timeoutMs: LIMIT_MS });
    const struckAt = performance.now();
    await this.#strike(kind, old);
    await switched;
    const namedAt = performance.now();
    const back = new Map<string, number>();
    const isBack = (writer: Writer): boolean => {
      const since = writer.lastBegunAt;
      if (since > namedAt && !back.has(writer.library.name)) {
        back.set(writer.library.name, since - struckAt);
      }
      return back.has(writer.library.name);
    };
    await this.#untilAll(isBack, 'all are back', HANG_MS).catch(() => {});
    const away = this.#writers.filter((writer) => !back.has(writer.library.name));
    await this.#heal(kind, old);
    await this.cluster.settled({ timeoutMs: LIMIT_MS });
    const acked = this.#writers.flatMap((writer) => writer.acked.splice(0));
    return {
      kind,
      backMs: Object.fromEntries(back),
      acked: acked.length,
      errors: this.#writers.reduce((sum, { errors }) => sum + errors, 0),
      lost: await this.#missing(acked),
      hung: away.filter(({ errors }) => errors === 0).map(({ library }) => library.name),
      failed: away.filter(({ errors }) => errors > 0).map(({ library }) => library.name),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    for (const { library } of this.#writers) library.close();
    await Promise.race([Promise.all(this.#loops), sleep(1_000)]);
    await this.#proxies.close();
    await this.cluster.stop();
  }

  async #begin(): Promise<void> {
    const { options } = drillTarget(this.cluster, this.#proxies);
    // By default it waits for ever on a connection that is open and silent; see docs/drill.md.
    const ioredis = new Redis({ ...options.ioredis(), socketTimeout: 500 });
    ioredis.on('error', () => {});
    const nodeRedis = createSentinel(options.nodeRedis());
    nodeRedis.on('error', () => {});
    await nodeRedis.connect();
    this.#add({
      name: 'ioredis',
      set: (key, value) => ioredis.set(key, value),
      close: () => ioredis.disconnect(),
    });
    this.#add({
      name: 'node-redis',
      set: (key, value) => nodeRedis.set(key, value),
      close: () => void nodeRedis.destroy(),
    });
  }

  #add(library: Library): void {
    const writer: Writer = { library, acked: [], errors: 0, lastBegunAt: 0 };
    this.#writers.push(writer);
    this.#loops.push(this.#write(writer));
  }

  async #write(writer: Writer): Promise<void> {
    while (!this.#over.signal.aborted) {
      const key = `${writer.library.name}:${this.#count++}`;
      const begunAt = performance.now();
      try {
        await writer.library.set(key, 'x');
        writer.acked.push(key);
        writer.lastBegunAt = begunAt;
      } catch {
        writer.errors += 1;
      }
      await sleep(PAUSE_MS);
    }
  }

  async #strike(kind: FailoverKind, master: string): Promise<void> {
    const { cluster } = this;
    if (kind === 'kill') await cluster.kill(master);
    else if (kind === 'stop') await cluster.pause(master);
    else if (kind === 'black-hole') {
      this.#proxies.of(master).hold('both');
      const all = [...cluster.nodes(), ...cluster.sentinels()].map(({ id }) => id);
      cluster.partition(
        master,
        all.filter((id) => id !== master),
      );
    } else await this.#order(kind === 'coordinated' ? ['COORDINATED'] : []);
  }

  /** SENTINEL FAILOVER, until a sentinel takes it: one may have no replica yet that suits it. */
  async #order(more: readonly string[]): Promise<void> {
    let turn = 0;
    await until(
      async () => {
        const sentinels = this.cluster.sentinels();
        const { host, port } = sentinels[turn++ % sentinels.length]!;
        const asker = new Asker(host, port);
        try {
          const words = ['SENTINEL', 'FAILOVER', this.cluster.topology.name, ...more];
          const reply = await asker.ask(...words);
          return reply.type === 'simple';
        } finally {
          asker.close();
        }
      },
      'a sentinel takes the order',
      LIMIT_MS,
    );
  }

  async #heal(kind: FailoverKind, old: string): Promise<void> {
    if (kind === 'stop') this.cluster.resume(old);
    if (kind !== 'black-hole') return;
    this.cluster.heal();
    this.#proxies.of(old).hold('nothing');
    await Promise.resolve();
  }

  async #missing(acked: readonly string[]): Promise<string[]> {
    const client = this.cluster.client({ retryForMs: LIMIT_MS });
    const found = await Promise.all(acked.map((key) => client.get(key)));
    client.close();
    return acked.filter((_, i) => found[i] === null);
  }

  #untilAll(holds: (writer: Writer) => boolean, what: string, limitMs: number): Promise<void> {
    return until(() => this.#writers.map(holds).every(Boolean), what, limitMs);
  }
}
