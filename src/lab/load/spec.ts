/** What a load consists of, and how people write it on a command line. */
import { unusable } from '../../base/refuse.js';
import { parseSize, SIZE_RULE } from '../../base/quantity.js';

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
  throw unusable(option, rule, `'${got}'`);
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
 * @param text - a size, `64` or `4kb`, or a range, `16-4kb`.
 * @throws RingleaderError CONFIG_INVALID
 */
export function parseValueSize(text: string): LoadSpec['size'] {
  const [from = '', to = from, ...more] = text.trim().split('-');
  const min = parseSize(from);
  const max = parseSize(to);
  const isWhole = Number.isInteger(min) && Number.isInteger(max) && more.length === 0;
  if (!isWhole || min === null || max === null || max < min || max > LARGEST_VALUE) {
    return refuse('--size', `${SIZE_RULE}, or a range as 16-4kb; at most 64mb`, text);
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
