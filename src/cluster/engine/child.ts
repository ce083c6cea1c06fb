/** One life of a server's process: started, told to stand still and to go on, ended. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Address } from '../../base/address.js';
import { RingleaderError } from '../../base/errors.js';
import { Asker } from '../../io/asker.js';
import type { Keeper } from './keeper.js';

/** ms between two looks whether it answers. */
const POLL_MS = 10;
/** ms for one answer. */
const ANSWER_MS = 2_000;
/** ms for a process that saves its data at its end. */
const SAVE_MS = 30_000;
/** Of what it says on stderr, and of its log, the last characters. */
const LAST_WORDS = 600;
/** ms to wait for the rest of stderr after its end; what it started itself may hold it open. */
const LAST_WORDS_MS = 1_000;

export class Child {
  /** `exit code 1`, `SIGKILL`; null: it runs. */
  end: string | null = null;
  readonly #process: ChildProcess;
  readonly #command: string;
  /** It has ended, and all that it said on stderr is read. */
  readonly #closed: Promise<unknown>;
  #complaints = '';

  /** @param onEnd - it runs no more; not for one that could not be started. */
  constructor(command: readonly string[], keeper: Keeper, onEnd: (how: string) => void) {
    const [program = '', ...args] = command;
    this.#command = program;
    // A session of its own: Ctrl-C in the terminal is for this process, which ends the cluster.
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    this.#process = child;
    this.#closed = new Promise((resolve) => {
      child.once('close', resolve);
    });
    const { pid } = child;
    if (pid !== undefined) keeper.add(pid);
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#complaints = (this.#complaints + text).slice(-LAST_WORDS);
    });
    child.on('error', (error) => {
      this.#complaints = error.message;
      if (pid === undefined) this.end = error.message;
    });
    child.on('exit', (code, signal) => {
      if (pid !== undefined) keeper.remove(pid);
      this.end = signal ?? `exit code ${code}`;
      onEnd(this.end);
    });
  }

  /**
   * Resolves when it answers.
   *
   * @throws RingleaderError CONFIG_INVALID: the program cannot be started, or has ended; with its
   * last words.
   */
  async untilReady({ host, port }: Address, logFile: string): Promise<void> {
    for (;;) {
      if (this.end !== null) throw await this.#failure(logFile);
      const asker = new Asker(host, port, { silentMs: ANSWER_MS });
      try {
        const reply = await asker.ask('PING');
        // Any other error is an answer too: it wants a password.
        if (reply.type !== 'error' || !reply.text.startsWith('LOADING')) return;
      } catch {
        // It does not listen yet.
      } finally {
        asker.close();
      }
      await sleep(POLL_MS);
    }
  }

  /** SIGKILL; resolves when it is gone. */
  async kill(): Promise<void> {
    await this.#signalAndWait('SIGKILL');
  }

  /** Let it save its data; resolves when it is gone. */
  async terminate(): Promise<void> {
    this.signal('SIGCONT');
    const over = new AbortController();
    const limit = sleep(SAVE_MS, undefined, { signal: over.signal }).catch(() => {});
    await Promise.race([this.#signalAndWait('SIGTERM'), limit]).finally(() => over.abort());
    await this.kill();
  }

  signal(name: 'SIGSTOP' | 'SIGCONT' | 'SIGTERM' | 'SIGKILL'): void {
    if (this.end === null) this.#process.kill(name);
  }

  async #signalAndWait(name: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.end !== null) return;
    const ended = once(this.#process, 'exit');
    this.signal(name);
    await ended;
  }

  async #failure(logFile: string): Promise<RingleaderError> {
    await Promise.race([this.#closed, sleep(LAST_WORDS_MS, undefined, { ref: false })]);
    const log = this.#complaints === '' ? await readFile(logFile, 'utf8').catch(() => '') : '';
    const words = (this.#complaints || log).slice(-LAST_WORDS).trim();
    return new RingleaderError(
      'CONFIG_INVALID',
      `cannot start ${this.#command}: ${this.end}${words && `: ${words}`}`,
    );
  }
}
