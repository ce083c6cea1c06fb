/**
 * Real servers, a master and its replicas, started in a directory of their own, stopped and removed
 * with it. They save nothing; all else is the program's default, except that a replica's first copy
 * does not wait for others, and that the backlog is as large as ours.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { freePort } from '../../io/free-port.js';

/** Those that run: a benchmark that fails must not leave them behind. */
const running = new Set<ChildProcess>();
const folders = new Set<string>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** @returns the first line of `--version`; null: there is no such program. */
export function serverVersion(program: string): string | null {
  const { status, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}

export class RealServers {
  /** The master's first. */
  readonly ports: readonly number[];
  readonly processes: readonly ChildProcess[];
  readonly #folder: string;

  private constructor(ports: readonly number[], processes: ChildProcess[], folder: string) {
    this.ports = ports;
    this.processes = processes;
    this.#folder = folder;
  }

  /**
   * Start them; they may not be up, nor following, when this resolves.
   *
   * @param options - more of the program's, for each of them.
   */
  static async start(
    program: string,
    replicas: number,
    options: readonly string[] = [],
  ): Promise<RealServers> {
    const folder = mkdtempSync(path.join(tmpdir(), 'ringleader-bench-'));
    folders.add(folder);
    const ports: number[] = [];
    for (let i = 0; i <= replicas; i += 1) ports.push(await freePort());
    const processes = ports.map((port, i) => {
      const quiet = `--port ${port} --dir ${folder} --logfile ${port}.log`;
      const replication = '--repl-diskless-sync-delay 0 --repl-backlog-size 64mb';
      const follow = i === 0 ? [] : ['--replicaof', `127.0.0.1 ${ports[0]}`];
      const own = [...`${quiet} ${replication}`.split(' '), '--save', '', ...follow];
      return spawn(program, [...own, ...options], { stdio: 'ignore' });
    });
    for (const child of processes) {
      running.add(child);
      child.once('exit', () => running.delete(child));
    }
    return new RealServers(ports, processes, folder);
  }

  /** Send all of them a signal: SIGSTOP makes them stand still. */
  signal(signal: NodeJS.Signals): void {
    for (const child of this.processes) child.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.processes) {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
    rmSync(this.#folder, { recursive: true, force: true });
    folders.delete(this.#folder);
  }
}
