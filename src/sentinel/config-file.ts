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
import type { SentinelSettings } from './state.js';

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

/**
 * Read a configuration file.
 *
 * @param text - one byte per character (latin1).
 * @param canExecute - whether a file can be executed.
 * @throws CONFIG_INVALID, naming the line and its number.
 */
export function parseConfig(
  text: string,
  canExecute: (path: string) => boolean = () => true,
): SentinelFile {
  const stages: [Line[], Line[], Line[]] = [[], [], []];
  const fileLines = text.replace(/(?:\r?\n)+$/, '').split(/\r?\n/);
  for (const [index, raw] of fileLines.entries()) {
    const trimmed = raw.trim();
    if (!/^["']?sentinel["']?(?:\s|$)/i.test(trimmed)) continue;
    const words = splitArgs(trimmed);
    const at = { number: index + 1, text: trimmed };
    if (words === null) throw invalid(at, 'Unbalanced quotes in configuration line');
    const [, second = '', ...rest] = words;
    if (second === '') throw invalid(at, 'wrong number of arguments');
    const name = second.toLowerCase();
    stages[stageOf(name)].push({ ...at, words: [name, ...rest] });
  }

  const draft: FileDraft = {
    myid: null,
    currentEpoch: 0,
    settings: {
      announceIp: null,
      announcePort: null,
      sentinelUser: null,
      sentinelPass: null,
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
