/**
 * Read redis.conf: lines of a directive and its words, `#` comments, quotes, `include`.
 *
 * Flags of the command line are turned into such lines and read after the file, as Redis does, so
 * there is one grammar and one place for errors. Reading files is the caller's: `include` asks it.
 *
 * @see redis/redis 7.0 src/config.c, loadServerConfigFromString(); src/server.c, main()
 */
import { toByteText } from '../base/byte-text.js';
import { REDIS_VERSION } from '../base/redis-version.js';
import { RingleaderError } from '../base/errors.js';
import { quote, splitArgs } from '../resp/split-args.js';
import type { Config } from './config.js';
import { SettingError } from './setting.js';

export interface LoadOptions {
  /** @returns the text of the file (or, for a pattern, the files) that an `include` names. */
  readonly readInclude?: (path: string) => string;
  /** The includes that led here, outermost first. */
  readonly includedFrom?: readonly string[];
}

/**
 * Apply a configuration's text.
 *
 * @param text - one byte per character (latin1).
 * @throws RingleaderError CONFIG_INVALID naming line, text and reason as Redis prints them.
 */
export function loadConfig(config: Config, text: string, options: LoadOptions = {}): void {
  for (const [index, rawLine] of text.split('\n').entries()) {
    const line = rawLine.replaceAll(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
    if (line === '' || line.startsWith('#')) continue;
    try {
      loadLine(config, line, options);
    } catch (error) {
      if (!(error instanceof SettingError)) throw error;
      throw fatal(index + 1, line, error.message);
    }
  }
}

function loadLine(config: Config, line: string, options: LoadOptions): void {
  const words = splitArgs(line);
  if (words === null) throw new SettingError('Unbalanced quotes in configuration line');
  const [directive = '', ...given] = words;
  const name = directive.toLowerCase();
  const setting = config.find(name);
  if (setting !== undefined) {
    setting.set(setting.takesMany ? spread(given) : given, 'file');
  } else if (name === 'user' && given.length > 0) {
    config.users.push({ words: spread(given), line });
  } else if (name === 'rename-command' && given.length === 2) {
    const [from = '', to = ''] = given;
    config.renamedCommands.push({ from, to, line });
  } else if (name === 'include' && given[0] !== undefined && given.length === 1) {
    if (options.readInclude === undefined) throw new SettingError('include is not possible here');
    const [file] = given;
    const { includedFrom = [] } = options;
    if (includedFrom.includes(file)) {
      throw new SettingError(`the file includes itself: ${[...includedFrom, file].join(' -> ')}`);
    }
    const text = options.readInclude(file);
    loadConfig(config, text, { ...options, includedFrom: [...includedFrom, file] });
  } else if (!isObsolete(name, given.length)) {
    throw new SettingError(refusal(name));
  }
}

/** `--save "3600 1"` gives several words as one. */
function spread(given: readonly string[]): readonly string[] {
  const [only] = given;
  if (given.length !== 1 || only === undefined || only === '') return given;
  return splitArgs(only) ?? given;
}

/** Directives that Redis 7 still reads over, for old files. */
function isObsolete(name: string, words: number): boolean {
  const names = ['list-max-ziplist-entries', 'list-max-ziplist-value', 'lua-replicate-commands'];
  return words === 1 && names.includes(name);
}

/** Directives of Redis that would change what clients see: refused, and not as if misspelt. */
function refusal(name: string): string {
  if (name === 'sentinel') return 'sentinel directive while not in sentinel mode';
  if (name === 'loadmodule') return `'${name}' is not supported by ringleader`;
  return 'Bad directive or wrong number of arguments';
}

/** @returns lines below the heading by which Redis' tools know what is wrong. */
export function fatalConfig(...lines: readonly string[]): string {
  return [`*** FATAL CONFIG FILE ERROR (Redis ${REDIS_VERSION}) ***`, ...lines].join('\n');
}

/** A line as it can be shown: without passwords. */
function hidden(line: string): string {
  return line.replace(/^(\S*(?:pass|auth)\S*|user)\s.*$/is, '$1 (not shown)');
}

/** A line that only its reader finds to be wrong. @param line - as it can be shown. */
export function wrongLine(line: string, reason: string): RingleaderError {
  const text = fatalConfig('Reading the configuration file', `>>> '${line}'`, reason);
  return new RingleaderError('CONFIG_INVALID', text);
}

function fatal(lineNumber: number, line: string, reason: string): RingleaderError {
  return new RingleaderError(
    'CONFIG_INVALID',
    fatalConfig(
      `Reading the configuration file, at line ${lineNumber}`,
      `>>> '${hidden(line)}'`,
      reason,
    ),
  );
}

/**
 * Turn `--port 7000 --replicaof "127.0.0.1 6379"` into lines of a configuration.
 *
 * Words up to the next `--name` belong to the directive before it. The first of them may look like
 * a name itself: `--port --bla` is a port that is no number. `--save` and `--sentinel` may stand
 * alone. Words before the first `--name` are a line of their own.
 *
 * @see redis/redis 7.0.15 src/server.c, main()
 */
export function argvToConfig(argv: readonly string[]): string {
  const lines: string[][] = [];
  let hasValue = true;
  for (const [index, word] of argv.entries()) {
    const line = lines.at(-1);
    if (hasValue && isName(word)) {
      const name = word.slice(2);
      const mayBeAlone = /^(?:save|sentinel)$/i.test(name.trim());
      const next = argv[index + 1];
      const isAlone = mayBeAlone && (next === undefined || isName(next));
      // A lone --save means no save points.
      lines.push(isAlone && /^save/i.test(name) ? [name, '""'] : [name]);
      hasValue = isAlone || (splitArgs(name)?.length ?? 0) > 1; // "--port 7000" may be one word.
    } else if (line === undefined) {
      lines.push([quote(toByteText(word))]); // As Redis: a line without a name.
    } else {
      line.push(quote(toByteText(word)));
      hasValue = true;
    }
  }
  return lines.map((line) => line.join(' ')).join('\n');
}

function isName(word: string): boolean {
  return word.startsWith('--') && word.length > 2;
}
