/**
 * Directives whose words have a grammar of their own: save, shutdown-on-sigterm, replicaof,
 * client-output-buffer-limit, notify-keyspace-events, latency-tracking-info-percentiles.
 *
 * @see redis/redis 7.0 src/config.c, "Special configs"
 */
import type { Address } from '../base/address.js';
import { type Kind, SettingError } from './setting.js';
import { parseInt64 } from '../base/int64.js';
import { quote } from '../resp/split-args.js';
import { choices, parseMemory, sizeText } from './kinds.js';

/** Save when `changes` writes happened within `seconds`. */
export interface SavePoint {
  readonly seconds: number;
  readonly changes: number;
}

/**
 * `save <seconds> <changes> …`; `save ""` is none. The first `save` of a file replaces the
 * defaults, the following ones add to it.
 */
export const savePoints: Kind<readonly SavePoint[]> = {
  many: true,
  parse(words, previous, adding) {
    const given = words.length === 1 && words[0] === '' ? [] : words;
    if (given.length % 2 !== 0) throw new SettingError('Invalid save parameters');
    const points: SavePoint[] = [];
    for (let i = 0; i < given.length; i += 2) {
      const seconds = parseInt64(given[i] ?? '');
      const changes = parseInt64(given[i + 1] ?? '');
      if (seconds === null || changes === null || seconds < 1 || changes < 0) {
        throw new SettingError('Invalid save parameters');
      }
      points.push({ seconds, changes });
    }
    return adding && given.length > 0 ? [...previous, ...points] : points;
  },
  format: (value) => value.map(pointText).join(' '),
  fileLines: (value) => (value.length === 0 ? ['""'] : value.map(pointText)),
};

function pointText({ seconds, changes }: SavePoint): string {
  return `${seconds} ${changes}`;
}

const SHUTDOWN_WORDS = ['default', 'save', 'nosave', 'now', 'force'] as const;
const shutdownChoices = choices(...SHUTDOWN_WORDS);

/** `shutdown-on-sigterm <word> …`: words of SHUTDOWN. */
export const shutdownWords: Kind<readonly string[]> = {
  ...shutdownChoices,
  parse(words, previous, adding) {
    const given = shutdownChoices.parse(words, previous, adding);
    if (given.includes('save') && given.includes('nosave')) {
      throw new SettingError("shutdown options SAVE and NOSAVE can't be used simultaneously");
    }
    return SHUTDOWN_WORDS.filter((word) => given.includes(word)); // As they are shown, too.
  },
};

/** `replicaof <host> <port>`, or `replicaof no one`. */
export const masterAddress: Kind<Address | null> = {
  many: true,
  parse(words) {
    const [host, portText] = words;
    if (words.length !== 2 || host === undefined || portText === undefined) {
      throw new SettingError('wrong number of arguments');
    }
    if (host.toLowerCase() === 'no' && portText.toLowerCase() === 'one') return null;
    const port = /^\d+$/.test(portText) ? Number(portText) : -1;
    if (port < 0 || port > 65535) throw new SettingError('Invalid master port');
    return { host, port };
  },
  format: (value) => (value === null ? '' : `${value.host} ${value.port}`),
  fileLines: (value) => (value === null ? [] : [`${value.host} ${value.port}`]),
};

/** Unsent output that a client may have; 0: no limit. */
export interface OutputLimit {
  readonly hardBytes: number;
  /** Tolerated for `softSeconds` on end. */
  readonly softBytes: number;
  readonly softSeconds: number;
}

type OutputClass = 'normal' | 'replica' | 'pubsub';
export type OutputLimits = Readonly<Record<OutputClass, OutputLimit>>;

const CLASSES: ReadonlyMap<string, OutputClass> = new Map([
  ['normal', 'normal'],
  ['slave', 'replica'],
  ['replica', 'replica'],
  ['pubsub', 'pubsub'],
]);

/**
 * `client-output-buffer-limit <class> <hard> <soft> <seconds> …`; classes not named keep theirs.
 */
export const outputLimits: Kind<OutputLimits> = {
  many: true,
  parse(words, previous) {
    if (words.length === 1 && words[0] === '') return previous;
    if (words.length === 0 || words.length % 4 !== 0) {
      throw new SettingError('Wrong number of arguments in buffer limit configuration.');
    }
    const limits = { ...previous };
    for (let i = 0; i < words.length; i += 4) {
      const name = CLASSES.get((words[i] ?? '').toLowerCase());
      if (name === undefined) {
        throw new SettingError('Invalid client class specified in buffer limit configuration.');
      }
      const hardBytes = parseMemory(words[i + 1] ?? '');
      const softBytes = parseMemory(words[i + 2] ?? '');
      const softSeconds = parseInt64(words[i + 3] ?? '');
      if (hardBytes === null || softBytes === null || softSeconds === null || softSeconds < 0) {
        throw new SettingError(
          'Error in hard, soft or soft_seconds setting in buffer limit configuration.',
        );
      }
      limits[name] = { hardBytes, softBytes, softSeconds };
    }
    return limits;
  },
  format: (value) =>
    (['normal', 'replica', 'pubsub'] as const)
      .map((name) => {
        const { hardBytes, softBytes, softSeconds } = value[name];
        const wireName = name === 'replica' ? 'slave' : name; // As CONFIG GET spells it.
        return `${wireName} ${hardBytes} ${softBytes} ${softSeconds}`;
      })
      .join(' '),
  fileLines: (value) =>
    (['normal', 'replica', 'pubsub'] as const).map((name) => {
      const { hardBytes, softBytes, softSeconds } = value[name];
      return `${name} ${sizeText(hardBytes)} ${sizeText(softBytes)} ${softSeconds}`;
    }),
};

const EVENT_CLASSES = 'g$lshzxetd';
const EVENT_LETTERS = `${EVENT_CLASSES}nKEm`;

/** The letters of notify-keyspace-events; `A` stands for all classes of events. */
export const keyspaceEvents: Kind<string> = {
  many: false,
  parse([word = '']) {
    const letters = word.replaceAll('A', EVENT_CLASSES);
    if (letters.split('').some((letter) => !EVENT_LETTERS.includes(letter))) {
      throw new SettingError("Invalid event class character. Use 'Ag$lshzxeKEtmdn'.");
    }
    return EVENT_LETTERS.split('')
      .filter((letter) => letters.includes(letter))
      .join('');
  },
  format(value) {
    if (!value.startsWith(EVENT_CLASSES)) return value;
    return `A${value.slice(EVENT_CLASSES.length).replace('n', '')}`; // 7.0 hides n beside A.
  },
  fileLines: (value) => [quote(keyspaceEvents.format(value))],
};

/** What C's strtod takes of it: also hexadecimal and infinite numbers; @returns null: none. */
function numberOf(word: string): number | null {
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(word)) return Number(word);
  const [, sign, digits] = /^([+-]?)(0x[\da-f]+|inf|infinity)$/i.exec(word) ?? [];
  if (digits === undefined) return null;
  const size = digits.startsWith('0') ? Number(digits) : Infinity;
  return sign === '-' ? -size : size;
}

/** `latency-tracking-info-percentiles <percentile> …`; one empty word is none. */
export const percentiles: Kind<readonly number[]> = {
  many: true,
  parse(words) {
    if (words.length === 1 && words[0] === '') return [];
    return words.map((word) => {
      const value = numberOf(word);
      if (value === null) {
        throw new SettingError('Invalid latency-tracking-info-percentiles parameters');
      }
      if (value < 0 || value > 100) {
        throw new SettingError(
          'latency-tracking-info-percentiles parameters should sit between [0.0,100.0]',
        );
      }
      return value;
    });
  },
  format: (value) => value.map(percentileText).join(' '),
};

/** @returns a percentile with at most six decimals, and none that are zeros. */
export function percentileText(value: number): string {
  return String(Number(value.toFixed(6)));
}
