/** What a load consists of, and how people write it on a command line. */
import { RingleaderError } from '../../base/errors.js';

export const COMMANDS = ['set', 'get', 'incr', 'mset'] as const;
export type LoadCommand = (typeof COMMANDS)[number];

/** Keys of one MSET, as redis-benchmark's. */
export const MSET_KEYS = 10;

export interface LoadSpec {
  /** Commands with their weights, all above 0. */
  readonly mix: readonly { readonly command: LoadCommand; readonly weight: number }[];
  /** Bytes a value, every size of the range as likely as any other. */
  readonly size: { readonly min: number; readonly max: number };
  /** Which keys are hit how often; `zipf`: in proportion to 1 / rank^theta. */
  readonly distribution:
    | { readonly type: 'uniform' }
    | { readonly type: 'zipf'; readonly theta: number };
  /** Distinct keys. */
  readonly keys: number;
  /** What every key begins with. */
  readonly prefix: string;
}

/** @throws RingleaderError CONFIG_INVALID always. */
function refuse(option: string, rule: string, got: string): never {
  throw new RingleaderError('CONFIG_INVALID', `cannot use ${option}: ${rule}; got '${got}'`);
}

/**
 * @param text - `set`, `set:80,get:20`.
 * @throws RingleaderError CONFIG_INVALID
 */
export function parseMix(text: string): LoadSpec['mix'] {
  const mix = text.split(',').map((part) => {
    const [, name, weight = '1'] = /^([a-z]+)(?::(\d+(?:\.\d+)?))?$/i.exec(part.trim()) ?? [];
    const command = COMMANDS.find((each) => each === name?.toLowerCase());
    if (command === undefined) {
      return refuse(
        '--mix',
        `commands are ${COMMANDS.join(', ')}, each as NAME or NAME:WEIGHT`,
        part,
      );
    }
    if (!(Number(weight) > 0)) return refuse('--mix', 'a weight must be above 0', part);
    return { command, weight: Number(weight) };
  });
  const names = mix.map(({ command }) => command);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) refuse('--mix', 'a command may stand there once', twice);
  return mix;
}

const LARGEST_VALUE = 64 << 20;

/**
 * @param text - bytes: `64`, or `16-4096`.
 * @throws RingleaderError CONFIG_INVALID
 */
export function parseSize(text: string): LoadSpec['size'] {
  const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(text.trim()) ?? [];
  const min = Number(from);
  const max = Number(to);
  if (from === undefined || max < min || max > LARGEST_VALUE) {
    refuse('--size', `bytes, as 64 or 16-4096, at most ${LARGEST_VALUE}`, text);
  }
  return { min, max };
}

/**
 * @param text - `uniform`, `zipf`, `zipf:0.99`.
 * @throws RingleaderError CONFIG_INVALID
 */
export function parseDistribution(text: string): LoadSpec['distribution'] {
  if (text === 'uniform') return { type: 'uniform' };
  const written = /^zipf(?::(\d+(?:\.\d+)?))?$/.exec(text);
  const [, theta = '0.99'] = written ?? [];
  if (written === null || !(Number(theta) > 0)) {
    refuse('--distribution', 'uniform, zipf or zipf:THETA with THETA above 0', text);
  }
  if (Number(theta) > 10) refuse('--distribution', 'THETA is at most 10', text);
  return { type: 'zipf', theta: Number(theta) };
}

/**
 * @param range - both ends included.
 * @throws RingleaderError CONFIG_INVALID
 */
export function parseCount(
  option: string,
  text: string,
  range: [min: number, max: number],
): number {
  const [min, max] = range;
  const value = Number(text);
  if (!/^\d+$/.test(text.trim()) || value < min || value > max) {
    refuse(option, `a whole number from ${min} to ${max}`, text);
  }
  return value;
}

/**
 * @param text - `5s`, `500ms`, `1m`; a bare number is seconds.
 * @returns ms.
 * @throws RingleaderError CONFIG_INVALID
 */
export function parseDuration(option: string, text: string): number {
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text.trim()) ?? [];
  const ms = Number(number) * ({ ms: 1, s: 1000, m: 60_000 }[unit] ?? Number.NaN);
  if (!(ms >= 50 && ms <= 3_600_000)) {
    refuse(option, 'a time from 50ms to 60m, as 500ms, 5s or 1m', text);
  }
  return ms;
}

/** @returns it in words, for titles. */
export function describeLoad({ mix, size, distribution, keys }: LoadSpec): string {
  const total = mix.reduce((sum, { weight }) => sum + weight, 0);
  const commands = mix.map(({ command, weight }) =>
    mix.length === 1
      ? command.toUpperCase()
      : `${Math.round((100 * weight) / total)} % ${command.toUpperCase()}`,
  );
  const bytes = size.min === size.max ? `${size.min}` : `${size.min} to ${size.max}`;
  const how = distribution.type === 'zipf' ? `zipf ${distribution.theta}` : 'uniform';
  return `${commands.join(', ')}; ${bytes}-byte values, ${keys.toLocaleString('en')} keys, ${how}`;
}
