/**
 * A master and its replicas, reached over TCP; ours or Redis': the same questions are asked of
 * both, so that the clock is the same.
 */
import { Redis } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';
import { redisBenchmark, runRedisBenchmark } from '../src/lab/bench/redis-benchmark.js';
import { parseMix } from '../src/lab/load/spec.js';

/** One of redis-benchmark's loads, by 50 clients. */
export interface Load {
  /** set, get, incr, mset. */
  readonly test: string;
  readonly requests: number;
  readonly pipeline: number;
  /** Distinct keys. */
  readonly keys: number;
  /** Bytes a value. */
  readonly size: number;
}

function field(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
}

export class TcpGroup {
  /** The master's first. */
  readonly ports: readonly number[];
  /** In the order of the ports. */
  readonly clients: readonly Redis[];

  constructor(ports: readonly number[]) {
    this.ports = ports;
    this.clients = ports.map((port) => {
      const client = new Redis({ port, retryStrategy: () => 20 });
      client.on('error', () => {}); // Not up yet: retried.
      return client;
    });
  }

  get master(): Redis {
    return this.clients[0]!;
  }

  /** Resolve once every replica's link is up. */
  async ready(): Promise<void> {
    for (;;) {
      const infos = await Promise.all(this.clients.map((client) => client.info('replication')));
      const attached = field(infos[0]!, 'connected_slaves') === `${infos.length - 1}`;
      const up = infos.slice(1).every((info) => field(info, 'master_link_status') === 'up');
      if (attached && up) return;
      await sleep(20);
    }
  }

  /** Resolve once every replica has applied all that the master has written. */
  async applied(): Promise<void> {
    const target = Number(field(await this.master.info('replication'), 'master_repl_offset'));
    for (const replica of this.clients.slice(1)) {
      while (Number(field(await replica.info('replication'), 'slave_repl_offset')) < target) {
        await sleep(1);
      }
    }
  }

  /** @returns requests/s: from the start of the load until every replica has applied it. */
  async propagate(load: Load): Promise<number> {
    await this.master.flushall();
    if (load.test === 'get') {
      // Three times as many writes as keys: 95 of 100 are there to be read.
      await this.#load({ ...load, test: 'set', pipeline: 100, requests: load.keys * 3 });
    }
    await this.applied();
    const begin = performance.now();
    await this.#load(load);
    await this.applied();
    return load.requests / ((performance.now() - begin) / 1000);
  }

  /**
   * As `propagate`, of one command as redis-benchmark takes it: `__rand_int__` is a number below `keys`.
   */
  async propagateCommand(
    command: readonly string[],
    { requests, pipeline, keys }: Pick<Load, 'requests' | 'pipeline' | 'keys'>,
  ): Promise<number> {
    await this.master.flushall();
    await this.applied();
    const address = { host: '127.0.0.1', port: this.ports[0]! };
    const numbers = ['-n', requests, '-P', pipeline, '-r', keys, '-c', 50].map(String);
    const begin = performance.now();
    await runRedisBenchmark(address, [...numbers, ...command]);
    await this.applied();
    return requests / ((performance.now() - begin) / 1000);
  }

  #load({ test, requests, pipeline, keys, size }: Load): Promise<void> {
    const load = {
      mix: parseMix(test),
      size: { min: size, max: size },
      distribution: { type: 'uniform' },
      keys,
      prefix: 'key:',
    } as const;
    const address = { host: '127.0.0.1', port: this.ports[0]! };
    return redisBenchmark(address, { load, requests, pipeline, clients: 50 });
  }

  /** @returns a number out of the master's INFO. */
  async masterInfo(section: string, name: string): Promise<number> {
    return Number(field(await this.master.info(section), name));
  }

  close(): void {
    for (const client of this.clients) client.disconnect();
  }
}
