/** One server process for `bench -- wire`: a `ringleader server` or a redis-server. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';

import { freePort } from '../src/io/free-port.js';

export type WireKind = 'ours' | 'redis';

const MAIN = fileURLToPath(new URL('../lib/cli.js', import.meta.url));

/** Nothing is kept on disk, and a full sync is not put off. */
const FLAGS = ['--save', '', '--repl-diskless-sync-delay', '0', '--repl-backlog-size', '64mb'];

/** Those that run: a crash of the benchmark must not leave them behind. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export class WireServer {
  readonly kind: WireKind;
  readonly port: number;
  readonly client: Redis;
  readonly #process: ChildProcess;
  readonly #folder: string;

  private constructor(
    kind: WireKind,
    port: number,
    client: Redis,
    child: ChildProcess,
    folder: string,
  ) {
    this.kind = kind;
    this.port = port;
    this.client = client;
    this.#process = child;
    this.#folder = folder;
  }

  static async start(kind: WireKind, ...flags: readonly string[]): Promise<WireServer> {
    const port = await freePort();
    const folder = mkdtempSync(path.join(tmpdir(), 'ringleader-wire-'));
    const words = ['--port', String(port), '--dir', folder, ...FLAGS, ...flags];
    const [program, args] =
      kind === 'ours' ? [process.execPath, [MAIN, 'server', ...words]] : ['redis-server', words];
    const child = spawn(program, args, { stdio: 'ignore' });
    running.add(child);
    child.once('exit', () => running.delete(child));
    const client = new Redis({ port, retryStrategy: () => 20, maxRetriesPerRequest: null });
    client.on('error', () => {}); // Not up yet: retried.
    await client.ping();
    return new WireServer(kind, port, client, child, folder);
  }

  async follow(master: WireServer): Promise<void> {
    await this.client.replicaof('127.0.0.1', master.port);
  }

  /** Leave the master, and hold nothing. */
  async leave(): Promise<void> {
    await this.client.replicaof('NO', 'ONE');
    await this.client.flushall();
  }

  async linkIsUp(): Promise<void> {
    while (!/^master_link_status:up/m.test(await this.client.info('replication'))) await sleep(1);
  }

  /** Have it stand still, or go on. */
  pause(isPaused: boolean): void {
    this.#process.kill(isPaused ? 'SIGSTOP' : 'SIGCONT');
  }

  /** A number out of a section of INFO. */
  async figure(info: string, name: string): Promise<number> {
    const line = new RegExp(`^${name}:(-?\\d+)`, 'm').exec(await this.client.info(info));
    return Number(line?.[1]);
  }

  /** Bytes of memory that the process holds. */
  residentBytes(): number {
    const text = readFileSync(`/proc/${this.#process.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(text)?.[1] ?? 0) * 1024;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.disconnect();
    const ended = new Promise((resolve) => {
      this.#process.once('exit', resolve);
    });
    this.#process.kill('SIGKILL');
    await ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export interface Both extends Record<WireKind, WireServer>, AsyncDisposable {}

/** One server of each kind. */
export async function both(...flags: readonly string[]): Promise<Both> {
  const ours = await WireServer.start('ours', ...flags);
  const redis = await WireServer.start('redis', ...flags);
  return {
    ours,
    redis,
    async [Symbol.asyncDispose]() {
      await ours[Symbol.asyncDispose]();
      await redis[Symbol.asyncDispose]();
    },
  };
}
