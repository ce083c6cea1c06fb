/**
 * A node's log, in the format of Redis': `pid:role date level message`.
 *
 * Written synchronously: from a worker `console.log` goes through the main thread, and is late or
 * lost when that one is busy or dies.
 */
import { openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { sleepThread } from './clock.js';
import { errnoText } from './errno-text.js';
import { RingleaderError } from '../base/errors.js';
import type { LogLevel } from '../commands/node/process.js';
import type { Config } from '../config/config.js';
import { fatalConfig } from '../config/load.js';

const LEVELS: readonly LogLevel[] = ['debug', 'verbose', 'notice', 'warning'];
const MARKS: Record<LogLevel, string> = { debug: '.', verbose: '-', notice: '*', warning: '#' };
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

export class NodeLog {
  readonly #config: Config;
  /** Null: it is not shown. */
  readonly #file: number | null;
  /** `M` for a master, `S` for a replica, `X` for a sentinel. */
  role: 'M' | 'S' | 'X' = 'M';

  /**
   * @param toStdout - where the log goes when no `logfile` is set; false: nowhere.
   * @throws RingleaderError CONFIG_INVALID: the `logfile` cannot be written.
   */
  constructor(config: Config, toStdout: boolean) {
    this.#config = config;
    const name = config.logfile.value;
    if (name !== '') this.#file = openLog(path.resolve(config.dir.value, name));
    else this.#file = toStdout ? 1 : null;
  }

  write(level: LogLevel, text: string): void {
    if (this.#file === null) return;
    if (LEVELS.indexOf(level) < LEVELS.indexOf(this.#config.loglevel.value)) return;
    const line = `${process.pid}:${this.role} ${timestamp(new Date())} ${MARKS[level]} ${text}\n`;
    writeWhole(this.#file, Buffer.from(line));
  }
}

/** A pipe that is full is waited for, one whose reader has gone is not written to. */
function writeWhole(file: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length;) {
    try {
      done += writeSync(file, bytes, done);
    } catch (error) {
      const { code } = Object(error);
      if (code === 'EPIPE') return;
      if (code !== 'EAGAIN') throw error;
      sleepThread(1);
    }
  }
}

/**
 * @returns a file descriptor.
 * @throws RingleaderError CONFIG_INVALID, in the words of Redis.
 */
export function openLog(file: string): number {
  try {
    return openSync(file, 'a');
  } catch (error) {
    const why = fatalConfig(`Can't open the log file: ${errnoText(error)}`);
    throw new RingleaderError('CONFIG_INVALID', why, { cause: error });
  }
}

const two = (value: number): string => `${value}`.padStart(2, '0');

function timestamp(date: Date): string {
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  const ms = `${date.getMilliseconds()}`.padStart(3, '0');
  return `${two(date.getDate())} ${MONTHS[date.getMonth()]} ${date.getFullYear()} ${time}.${ms}`;
}
