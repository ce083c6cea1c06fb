/**
 * The keys in a call of a command: by its key specs, or by its own search where those do not
 * suffice.
 *
 * Rule: all key specs must find what they say there is. If one cannot (an unknown place, a count
 * that is no number, keys beyond the last argument), or how keys are used depends on the arguments,
 * then the command's own search decides; a command without one has no keys in this call, and its
 * handler finds the error.
 *
 * @see redis/redis 7.0.15 src/db.c, getKeysUsingKeySpecs() and getKeysFromCommandWithSpecs()
 */
import { wordArg } from './arguments.js';
import type { CommandFacts } from './facts.js';
import type { KeyPlace, KeySpec } from './key-specs.js';

/** Whether calls of the command may have keys. */
export function mayHaveKeys({ keys = [], findKeys }: CommandFacts): boolean {
  return findKeys !== undefined || keys.some(({ flags }) => !flags.includes('not_key'));
}

/**
 * @param args - a call of the command, its name (a subcommand's: both) included.
 * @returns where its keys are, in the order that COMMAND GETKEYS tells.
 */
export function keyPlaces(spec: CommandFacts, args: readonly Buffer[]): readonly KeyPlace[] {
  const keys = (spec.keys ?? []).filter(({ flags }) => !flags.includes('not_key'));
  const isVariable = keys.some(({ flags }) => flags.includes('variable_flags'));
  const found = isVariable ? null : bySpecs(keys, args);
  return found ?? spec.findKeys?.(args) ?? [];
}

/** @returns the keys themselves. @param isWanted - by how a key is used; all, if missing. */
export function keysOf(
  spec: CommandFacts,
  args: readonly Buffer[],
  isWanted: (flags: KeyPlace['flags']) => boolean = () => true,
): Buffer[] {
  const keys: Buffer[] = [];
  for (const { at, flags } of keyPlaces(spec, args)) {
    const key = args[at];
    if (key !== undefined && isWanted(flags)) keys.push(key);
  }
  return keys;
}

/** @returns null: a key spec does not find what it says. */
function bySpecs(specs: readonly KeySpec[], args: readonly Buffer[]): readonly KeyPlace[] | null {
  const places: KeyPlace[] = [];
  for (const spec of specs) {
    const range = rangeOf(spec, args);
    if (range === 'none') continue;
    if (range === null) return null;
    const { first, last, step } = range;
    if (last >= args.length || last < first) return null;
    for (let at = first; at <= last; at += step) places.push({ at, flags: spec.flags });
    if (spec.flags.includes('incomplete')) return null;
  }
  return places;
}

interface Range {
  readonly first: number;
  readonly last: number;
  readonly step: number;
}

/**
 * @returns 'none': the keyword is not there, and so no key; null: the spec does not tell.
 */
function rangeOf(spec: KeySpec, args: readonly Buffer[]): Range | 'none' | null {
  if ('isUnknown' in spec) return null;
  if ('count' in spec) {
    const count = countArg(args[spec.count]);
    return count === null ? null : { first: spec.count + 1, last: spec.count + count, step: 1 };
  }
  const { last, step } = spec;
  const end = (first: number): number => (last < 0 ? args.length + last : first + last);
  if (!('keyword' in spec)) return { first: spec.first, last: end(spec.first), step };
  const first = behindKeyword(spec.keyword, spec.from, args);
  if (first === null) return 'none';
  if (spec.limit === 0) return { first, last: end(first), step };
  return { first, last: first + Math.floor((args.length - first) / spec.limit) + last, step };
}

/** @returns a number of keys; null: it is none. */
function countArg(arg: Buffer | undefined): number | null {
  const text = arg?.toString('latin1') ?? '';
  return /^(?:0|[1-9]\d{0,9})$/.test(text) ? Number(text) : null;
}

/** @returns the index behind the word; null: it is not there. */
function behindKeyword(keyword: string, from: number, args: readonly Buffer[]): number | null {
  const word = keyword.toLowerCase();
  const isForward = from > 0;
  // Backwards it goes to the second argument, never to the name.
  const end = isForward ? args.length - 1 : 1;
  for (let at = isForward ? from : args.length + from; at !== end; at += isForward ? 1 : -1) {
    if (at < 1 || at >= args.length) return null;
    if (args[at]?.length === word.length && wordArg(args[at]) === word) return at + 1;
  }
  return null;
}
