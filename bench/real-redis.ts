/**
 * A real Redis master with replicas, as the peer of a benchmark: started in a directory of its own,
 * stopped and removed with it. Needs redis-server and redis-benchmark on the PATH.
 */
import { Redis } from 'ioredis';
import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** @returns whether the real thing is installed, so that its half of a benchmark can run. */
export function hasRealRedis(): boolean {
  return spawnSync('redis-benchmark', ['--version']).status === 0;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  return address.port;
}

/** What `redis-benchmark` is asked to do. */
export interface Load {
  /** As `-t`: set, get, incr, mset. */
  readonly test: string;
  readonly requests: number;
  readonly pipeline: number;
  /** Distinct keys. */
  readonly keys: number;
  /** Bytes a value. */
  readonly size: number;
}

/** @returns seconds that redis-benchmark took against the port, its own start included. */
export async function redisBenchmark(port: number, load: Load): Promise<number> {
  const begin = performance.now();
  const { test, requests, pipeline, keys, size } = load;
  const options = `-p ${port} -t ${test} -n ${requests} -P ${pipeline} -r ${keys} -d ${size}`;
  await run('redis-benchmark', [...options.split(' '), '-c', '50', '-q', '--csv']);
  return (performance.now() - begin) / 1000;
}

function field(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
}

/** A master and its replicas, reached over TCP; ours or Redis': the same questions are asked. */
export class TcpGroup {
  readonly ports: readonly number[];
  readonly #clients: readonly Redis[];

  /** @param ports - the master's first. */
  constructor(ports: readonly number[]) {
    this.ports = ports;
    this.#clients = ports.map((port) => {
      const client = new Redis({ port, retryStrategy: () => 20 });
      client.on('error', () => {}); // Not up yet: retried.
      return client;
    });
  }

  /** Resolve once every replica's link is up. */
  async ready(): Promise<void> {
    for (;;) {
      const infos = await Promise.all(this.#clients.map((client) => client.info('replication')));
      const attached = field(infos[0]!, 'connected_slaves') === `${infos.length - 1}`;
      const up = infos.slice(1).every((info) => field(info, 'master_link_status') === 'up');
      if (attached && up) return;
      await sleep(20);
    }
  }

  /** Resolve once every replica has applied all that the master has written. */
  async applied(): Promise<void> {
    const [master, ...replicas] = this.#clients;
    const target = Number(field(await master!.info('replication'), 'master_repl_offset'));
    for (const replica of replicas) {
      while (Number(field(await replica.info('replication'), 'slave_repl_offset')) < target) {
        await sleep(1);
      }
    }
  }

  /** @returns commands/s: from the start of the load until every replica has applied it. */
  async propagate(load: Load): Promise<number> {
    await this.#clients[0]!.flushall();
    await this.applied();
    const begin = performance.now();
    await redisBenchmark(this.ports[0]!, load);
    await this.applied();
    return load.requests / ((performance.now() - begin) / 1000);
  }

  /** @returns INFO's memory section's `used_memory` of the master, bytes. */
  async usedMemory(): Promise<number> {
    return Number(field(await this.#clients[0]!.info('memory'), 'used_memory'));
  }

  close(): void {
    for (const client of this.#clients) client.disconnect();
  }
}

/** Real Redis servers: one master, so many replicas. */
export class RealRedis {
  readonly group: TcpGroup;
  readonly #processes: readonly ChildProcess[];
  readonly #folder: string;

  private constructor(group: TcpGroup, processes: readonly ChildProcess[], folder: string) {
    this.group = group;
    this.#processes = processes;
    this.#folder = folder;
  }

  static async start(replicas: number): Promise<RealRedis> {
    const folder = mkdtempSync(path.join(tmpdir(), 'ringleader-bench-'));
    const ports: number[] = [];
    for (let i = 0; i <= replicas; i += 1) ports.push(await freePort());
    const processes = ports.map((port, i) =>
      spawn('redis-server', [...serverOptions(port, folder), ...replicaOf(ports, i)], {
        stdio: 'ignore',
      }),
    );
    const group = new TcpGroup(ports);
    await group.ready();
    return new RealRedis(group, processes, folder);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.group.close();
    for (const child of this.#processes) {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function serverOptions(port: number, folder: string): string[] {
  const quiet = `--port ${port} --dir ${folder} --logfile ${port}.log`;
  const replication = '--repl-diskless-sync-delay 0 --repl-backlog-size 64mb';
  return [...`${quiet} ${replication}`.split(' '), '--save', ''];
}

function replicaOf(ports: readonly number[], i: number): string[] {
  return i === 0 ? [] : ['--replicaof', `127.0.0.1 ${ports[0]}`];
}
