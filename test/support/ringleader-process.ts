/** A `ringleader server` in a process and a directory of its own, as RealRedis is a redis-server. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.js';

const MAIN = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export class RingleaderServer {
  readonly port: number;
  readonly dir: string;
  readonly #process: ChildProcess;
  #log = '';

  private constructor(port: number, dir: string, child: ChildProcess) {
    this.port = port;
    this.dir = dir;
    this.#process = child;
    running.add(child);
    child.once('exit', () => running.delete(child));
    child.stdout?.on('data', (text: Buffer) => {
      this.#log += String(text);
    });
  }

  /** What it has printed. */
  get log(): string {
    return this.#log;
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Start one on a free port; resolves when it accepts connections. */
  static async start(...args: readonly string[]): Promise<RingleaderServer> {
    const at = args.indexOf('--port');
    const port = at === -1 ? await freePort() : Number(args[at + 1]);
    const dir = await mkdtemp(join(tmpdir(), 'ringleader-server-'));
    const flags = ['--port', String(port), '--dir', dir, '--enable-debug-command', 'yes', ...args];
    const child = spawn(process.execPath, [MAIN, 'server', ...flags], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const server = new RingleaderServer(port, dir, child);
    await new Promise<void>((resolve, reject) => {
      child.once('exit', (code) =>
        reject(new Error(`the server ended with ${code}: ${server.log}`)),
      );
      child.stdout?.on('data', () => {
        if (server.log.includes('Ready to accept')) resolve();
      });
    });
    return server;
  }

  signal(name: NodeJS.Signals): void {
    this.#process.kill(name);
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const ended = new Promise((resolve) => {
        this.#process.once('exit', resolve);
      });
      this.#process.kill('SIGKILL');
      await ended;
    }
    await rm(this.dir, { recursive: true, force: true });
  }
}
