/**
 * A real Redis master with replicas, as the peer of a benchmark: started in a directory of its own,
 * stopped and removed with it. Needs redis-server and redis-benchmark on the PATH.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { TcpGroup } from './tcp-group.js';

/** Those that run: a benchmark that fails must not leave them behind. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** @returns whether the real thing is installed, so that its half of a benchmark can run. */
export function hasRealRedis(): boolean {
  const server = spawnSync('redis-server', ['--version']);
  const benchmark = spawnSync('redis-benchmark', ['--version']);
  return server.status === 0 && benchmark.status === 0;
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

  /** @param options - more of redis-server's, for each of them. */
  static async start(replicas: number, options: readonly string[] = []): Promise<RealRedis> {
    const folder = mkdtempSync(path.join(tmpdir(), 'ringleader-bench-'));
    const ports: number[] = [];
    for (let i = 0; i <= replicas; i += 1) ports.push(await freePort());
    const processes = ports.map((port, i) =>
      spawn('redis-server', [...serverOptions(port, folder), ...replicaOf(ports, i), ...options], {
        stdio: 'ignore',
      }),
    );
    for (const child of processes) {
      running.add(child);
      child.once('exit', () => running.delete(child));
    }
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
