/**
 * Runs a sentinel's scripts, each as a process of its own with this one's environment.
 *
 * @see redis/redis 7.0 src/sentinel.c, sentinelRunPendingScripts(),
 * sentinelCollectTerminatedScripts()
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { constants as os } from 'node:os';

import { fromByteText } from '../base/byte-text.js';

/** What becomes of a script. */
export interface ScriptHandlers {
  /** @param pid - null: the process could not be made. */
  onStarted(job: number, pid: number | null): void;
  /** Once, after `onStarted` with a pid. `signal` 0: it ended by itself. */
  onEnded(job: number, end: { readonly exitCode: number; readonly signal: number }): void;
}

/** What a script ends with that could not be executed: not to be tried again. */
const NOT_EXECUTED = 2;

export class ScriptRunner {
  readonly #handlers: ScriptHandlers;
  readonly #running = new Map<number, ChildProcess>();

  constructor(handlers: ScriptHandlers) {
    this.#handlers = handlers;
  }

  /** @param argv - one character per byte. */
  run(job: number, argv: readonly [path: string, ...args: string[]]): void {
    const [path = '', ...args] = argv.map(fromByteText);
    const child = spawn(path, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    let isOver = false;
    const end = (exitCode: number, signal: number): void => {
      if (isOver) return;
      isOver = true;
      this.#running.delete(job);
      this.#handlers.onEnded(job, { exitCode, signal });
    };
    child.on('exit', (code, name) => end(code ?? 0, name === null ? 0 : os.signals[name]));
    child.on('error', (error) => {
      const { code } = Object(error);
      if (code !== 'EAGAIN' && code !== 'ENOMEM') {
        this.#handlers.onStarted(job, child.pid ?? 0);
        end(NOT_EXECUTED, 0);
      } else {
        isOver = true;
        this.#running.delete(job);
        this.#handlers.onStarted(job, null);
      }
    });
    this.#running.set(job, child);
    if (child.pid !== undefined) this.#handlers.onStarted(job, child.pid);
  }

  kill(job: number): void {
    this.#running.get(job)?.kill('SIGKILL');
  }
}

/** @param path - one character per byte. @returns whether this process can execute the file. */
export function canExecute(path: string): boolean {
  try {
    accessSync(fromByteText(path), constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
