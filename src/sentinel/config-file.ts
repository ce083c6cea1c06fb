/**
 * Read sentinel.conf, which is also where a sentinel keeps what must survive a restart.
 *
 * The order of lines does not matter: settings, then masters, then what refers to masters. A line
 * that is not understood stops the start and is named, because a directive ignored in silence is
 * a failover that does not happen. Directives of redis.conf are the host's to read.
 *
 * @see redis/redis 7.0 src/sentinel.c, sentinelHandleConfiguration(), queueSentinelConfig()
 */
import { RingleaderError } from '../base/errors.js';
import { splitArgs } from '../resp/split-args.js';
import { type FileDraft, type MasterConfig, obey, stageOf } from './config-directives.js';
import type { SentinelSettings } from './settings.js';

export interface SentinelFile {
  /** Null before the first start; the sentinel then chooses one and persists it. */
  readonly myid: string | null;
  readonly currentEpoch: number;
  readonly settings: SentinelSettings;
  readonly masters: readonly MasterConfig[];
}

interface Line {
  readonly number: number;
  readonly text: string;
  /** Of a `sentinel` line: the words after `sentinel`, the first in lower case. */
  readonly words: readonly [string, ...string[]];
}

/** What of a file's directives has to do with other files. */
export interface FileAccess {
  /** Whether a file can be executed; absent: they all can. */
  readonly canExecute?: (path: string) => boolean;
  /** @returns the text behind an `include`; absent: those lines are passed over. */
  readonly readInclude?: (path: string) => string;
}

/**
 * Read a configuration file.
 *
 * @param text - one byte per character (latin1).
 * @throws CONFIG_INVALID, naming the line and its number.
 */
export function parseConfig(
  text: string,
  { canExecute = () => true, readInclude = () => '' }: FileAccess = {},
): SentinelFile {
  const stages: [Line[], Line[], Line[]] = [[], [], []];
  for (const line of ownLines(text, readInclude)) stages[stageOf(line.words[0])].push(line);
  const fileLines = linesOf(text);

  const draft: FileDraft = {
    myid: null,
    currentEpoch: 0,
    settings: {
      announceIp: null,
      announcePort: null,
      sentinelUser: null,
      sentinelPass: null,
      requirepass: null,
      denyScriptsReconfig: true,
      resolveHostnames: false,
      announceHostnames: false,
      fileLines: text === '' ? [] : fileLines,
    },
    masters: new Map(),
    canExecute,
  };
  for (const line of stages.flat()) {
    const [name, ...args] = line.words;
    const problem = obey(draft, name, args);
    if (problem !== null) throw invalid(line, problem);
  }
  const { myid, currentEpoch, settings, masters } = draft;
  return { myid, currentEpoch, settings, masters: [...masters.values()] };
}

function linesOf(text: string): string[] {
  return text.replace(/(?:\r?\n)+$/, '').split(/\r?\n/);
}

/** @returns the `sentinel` lines, those of included files where the `include` stands. */
function ownLines(
  text: string,
  readInclude: (path: string) => string,
  includedFrom: readonly string[] = [],
): Line[] {
  return linesOf(text).flatMap((raw, index): Line[] => {
    const trimmed = raw.trim();
    if (!/^["']?(?:sentinel|include)["']?(?:\s|$)/i.test(trimmed)) return [];
    const words = splitArgs(trimmed);
    const at = { number: index + 1, text: trimmed };
    if (words === null) throw invalid(at, 'Unbalanced quotes in configuration line');
    const [first = '', second, ...rest] = words;
    // Without a word more, it says only what this is.
    if (second === undefined) return [];
    if (first.toLowerCase() === 'sentinel')
      return [{ ...at, words: [second.toLowerCase(), ...rest] }];
    // What is wrong with an include is for the reader of redis.conf's directives to say.
    if (includedFrom.includes(second)) return [];
    return ownLines(readInclude(second), readInclude, [...includedFrom, second]);
  });
}

/** A line as it can be shown: without passwords. */
function hidden(text: string): string {
  return text.replace(/^(sentinel\s+\S*pass)\s.*$/is, '$1 (not shown)');
}

function invalid(line: { number: number; text: string }, problem: string): RingleaderError {
  return new RingleaderError(
    'CONFIG_INVALID',
    `Reading the configuration file, at line ${line.number}\n>>> '${hidden(line.text)}'\n${problem}`,
  );
}
