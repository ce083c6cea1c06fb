/**
 * A program with all the processes that it starts, as one thing that can be signalled and ended.
 *
 * `npm start` is npm, a shell and the program: a signal to the first alone leaves the last alive.
 * So the child leads a process group of its own, and signals go to the group. A process that makes
 * itself a session of its own (a daemon) has left it, and is not ended. Windows has no process
 * groups: there the tree below the child is ended, and asked first is none of it.
 */
import { type ChildProcess, spawn, spawnSync, type SpawnOptions } from 'node:child_process';

import { exitCodeOfSignal } from './exit-code.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const isWindows = process.platform === 'win32';

export class ProcessGroup {
  readonly child: ChildProcess;
  readonly #onExit = (): void => this.signal('SIGKILL');
  readonly #onSignal = (signal: (typeof SIGNALS)[number]): void =>
    process.exit(exitCodeOfSignal(signal));

  /** Start it. It ends with this process, however that ends but for SIGKILL. */
  constructor(command: string, args: readonly string[], options: SpawnOptions) {
    // Our own group has the terminal: a Ctrl-C there reaches us alone, and the group through us.
    this.child = spawn(command, args, { ...options, detached: !isWindows });
    process.on('exit', this.#onExit);
    for (const signal of SIGNALS) process.on(signal, this.#onSignal);
  }

  /** To every process of the group; to none, if it did not start or all have ended. */
  signal(signal: 'SIGTERM' | 'SIGKILL'): void {
    const { pid } = this.child;
    // 0 would be our own group, 1 every process there is.
    if (pid === undefined || pid <= 1 || pid === process.pid) return;
    try {
      if (isWindows) spawnSync('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore' });
      else process.kill(-pid, signal);
    } catch {
      // ESRCH: all have ended. EPERM: they belong to another user, and cannot be ended by us.
    }
  }

  /** End what is left of it and of what was set up for it; pipes that a daemon holds are let go. */
  end(): void {
    this.signal('SIGKILL');
    process.off('exit', this.#onExit);
    for (const signal of SIGNALS) process.off(signal, this.#onSignal);
    this.child.stdout?.destroy();
    this.child.stderr?.destroy();
    this.child.unref();
  }
}
