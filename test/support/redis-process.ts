/**
 * A real redis-server to compare with: in a process and a directory of its own.
 *
 * Apart from real-redis.ts, so that programs other than tests can start one.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../src/io/free-port.js';
import { RespClient } from './resp-client.js';

/** Those that run: a crash of ours must not leave them behind. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export function hasProgram(name: string): boolean {
  return spawnSync(name, ['--version']).status === 0;
}

export class RealRedis {
  readonly port: number;
  readonly #process: ChildProcess;
  readonly #dir: string;
  #log = '';

  private constructor(port: number, child: ChildProcess, dir: string) {
    this.port = port;
    this.#process = child;
    this.#dir = dir;
    child.stdout?.on('data', (text: Buffer) => {
      this.#log += String(text);
    });
  }

  /** What it has printed. */
  get log(): string {
    return this.#log;
  }

  /** Start one on a free port; resolves when it answers. */
  static async start(...args: readonly string[]): Promise<RealRedis> {
    const at = args.indexOf('--port');
    const port = at === -1 ? await freePort() : Number(args[at + 1]);
    const dir = await mkdtemp(join(tmpdir(), 'ringleader-redis-'));
    const child = spawn(
      'redis-server',
      [
        '--port',
        String(port),
        '--save',
        '',
        '--dir',
        dir,
        '--enable-debug-command',
        'yes',
        ...args,
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    running.add(child);
    child.once('exit', () => running.delete(child));
    const redis = new RealRedis(port, child, dir);
    for (;;) {
      if (child.exitCode !== null) throw new Error(`redis-server ended with ${child.exitCode}`);
      const client = await RespClient.connect(port).catch(() => null);
      if (client !== null) {
        client.close();
        return redis;
      }
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
    }
  }

  signal(name: NodeJS.Signals): void {
    this.#process.kill(name);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => {
      this.#process.once('exit', resolve);
    });
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      this.#process.kill('SIGKILL');
      await ended;
    }
    await rm(this.#dir, { recursive: true, force: true });
  }
}
