/**
 * A `ringleader server` in a process and a directory of its own, as RealRedis is a redis-server.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../src/io/free-port.js';
import { MAIN } from './main.js';

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export class RingleaderServer {
  readonly port: number;
  readonly dir: string;
  readonly #process: ChildProcess;
  /** It has ended, and all that it printed is read. */
  readonly #closed: Promise<void>;
  #log = '';

  private constructor(port: number, dir: string, child: ChildProcess) {
    this.port = port;
    this.dir = dir;
    this.#process = child;
    running.add(child);
    child.once('exit', () => running.delete(child));
    this.#closed = new Promise((resolve) => {
      child.once('close', () => resolve());
    });
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
    const dir = await mkdtemp(join(tmpdir(), 'ringleader-server-'));
    try {
      return await this.startIn(dir, ...args);
    } catch (error) {
      await rm(dir, { recursive: true, force: true });
      throw error;
    }
  }

  /**
   * The same in a directory that is there, with what is in it. @throws its code and log, if it ends
   * at once.
   */
  static async startIn(dir: string, ...args: readonly string[]): Promise<RingleaderServer> {
    const server = await this.begin(dir, ...args);
    const child = server.#process;
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (server.log.includes('Ready to accept')) resolve();
      };
      // Once all that it printed is read: it may have ended before the last lines arrive.
      child.once('close', (code) =>
        reject(new Error(`the server ended with ${code}: ${server.log}`)),
      );
      child.stdout?.on('data', look);
      look();
    });
    return server;
  }

  /** Start one that is not ready yet, or never will be. */
  static async begin(dir: string, ...args: readonly string[]): Promise<RingleaderServer> {
    const at = args.indexOf('--port');
    const port = at === -1 ? await freePort() : Number(args[at + 1]);
    const flags = ['--port', String(port), '--dir', dir, '--enable-debug-command', 'yes', ...args];
    const child = spawn(process.execPath, [MAIN, 'server', ...flags], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return new RingleaderServer(port, dir, child);
  }

  signal(name: NodeJS.Signals): void {
    this.#process.kill(name);
  }

  /** @returns its exit code, once it has ended; null: a signal has ended it. */
  async ended(): Promise<number | null> {
    await this.#closed;
    return this.#process.exitCode;
  }

  /** End it at once and leave its directory. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.ended();
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.dir, { recursive: true, force: true });
  }
}
