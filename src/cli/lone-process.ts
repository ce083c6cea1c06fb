/** What a process has that runs one actor alone: its directory, its log, its signals. */
import { appendFileSync, closeSync, rmSync } from 'node:fs';

import { RingleaderError } from '../base/errors.js';
import type { Config } from '../config/config.js';
import { fatalConfig } from '../config/load.js';
import { realClock } from '../io/clock.js';
import { errnoText } from '../io/errno-text.js';
import { openLog } from '../io/node-log.js';
import { temporaryName } from '../persistence/save.js';
import { isRunning } from '../runtime/actor-record.js';
import type { ActorSystem } from '../runtime/actor-system.js';
import { logLine, type LogLevel, type LogRole } from './log-line.js';

/**
 * Signals are the actor's matter: a node may have to save its data; a second SIGINT is the
 * operator's last word.
 *
 * @see redis/redis 7.0 src/server.c, sigShutdownHandler()
 */
export function passSignals(
  system: ActorSystem,
  id: string,
  log: ProcessLog,
): { onGoesOn(): void; leave(): void } {
  let isEnding = false;
  const onSignal = (name: NodeJS.Signals): void => {
    if (isEnding && name === 'SIGINT') {
      log.write('warning', 'You insist... exiting now.');
      rmSync(temporaryName(process.pid), { force: true });
      process.exit(1);
    }
    isEnding = true;
    if (isRunning(system.record(id))) system.signal(id, name);
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  // A terminal that goes away takes no server with it.
  process.on('SIGHUP', ignore);
  return {
    onGoesOn() {
      isEnding = false;
    },
    leave() {
      for (const name of SIGNALS) process.off(name, onSignal);
      process.off('SIGHUP', ignore);
    },
  };
}

const ignore = (): void => undefined;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** @throws RingleaderError CONFIG_INVALID, in the words of Redis. */
export function enterDir(dir: string): void {
  try {
    process.chdir(dir);
  } catch (error) {
    throw new RingleaderError(
      'CONFIG_INVALID',
      fatalConfig(`>>> 'dir "${dir}"'`, errnoText(error)),
      {
        cause: error,
      },
    );
  }
}

const LEVELS: readonly LogLevel[] = ['debug', 'verbose', 'notice', 'warning'];

/** The log of the process around the actor, which writes its own: to the same file, or stdout. */
export class ProcessLog {
  role: LogRole = 'C';
  readonly #file: string;
  readonly #threshold: number;

  /** @throws RingleaderError CONFIG_INVALID, in the words of Redis: the file cannot be written. */
  constructor(config: Config) {
    this.#file = config.logfile.value;
    if (this.#file !== '') closeSync(openLog(this.#file));
    this.#threshold = LEVELS.indexOf(config.loglevel.value);
  }

  write(level: LogLevel, text: string): void {
    if (LEVELS.indexOf(level) < this.#threshold) return;
    const line = `${logLine(process.pid, this.role, realClock.wallMs(), level, text)}\n`;
    if (this.#file === '') process.stdout.write(line);
    else appendFileSync(this.#file, line);
  }
}
