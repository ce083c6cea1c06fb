/**
 * Where a command's keys are among its arguments, as COMMAND INFO tells it: where they begin (at an
 * index, or behind a keyword), and how many there are (a range, or as many as an argument says).
 *
 * @see redis/redis 7.0.15 src/server.h, keySpec
 */

export type KeyFlag =
  | 'RO'
  | 'RW'
  | 'OW'
  | 'RM'
  | 'access'
  | 'update'
  | 'insert'
  | 'delete'
  | 'not_key' // Reads like a key, and is none: no access rule is asked about it.
  | 'incomplete' // There may be keys that this does not find: the command's own search does.
  | 'variable_flags'; // How the key is used depends on the arguments: the own search says.

interface Described {
  readonly flags: readonly KeyFlag[];
  readonly notes?: string;
}

interface KeyRange {
  /** Index of the last counted from the first, or from the end when negative (-1: the last one). */
  readonly last: number;
  /** Distance between two keys. */
  readonly step: number;
}

/** Keys from an index on. */
export interface IndexedKeys extends Described, KeyRange {
  /** Index of the first, the command's name being 0. */
  readonly first: number;
}

/** Keys behind a word. */
interface KeywordKeys extends Described, KeyRange {
  readonly keyword: string;
  /** Where the search begins, or, negative, from the end backwards. */
  readonly from: number;
  /** With `last` -1: only the first half (2) of what follows are keys. 0: all. */
  readonly limit: number;
}

/** As many keys as an argument says, which stand behind it. */
interface CountedKeys extends Described {
  /** Index of the argument that counts. */
  readonly count: number;
}

/** Keys that only the command's own search finds. */
interface UnknownKeys extends Described {
  readonly isUnknown: true;
}

export type KeySpec = IndexedKeys | KeywordKeys | CountedKeys | UnknownKeys;

/** An argument that is a key. */
export interface KeyPlace {
  /** Its index. */
  readonly at: number;
  readonly flags: readonly KeyFlag[];
}

/** One key, the first argument. */
export function oneKey(...flags: readonly KeyFlag[]): readonly KeySpec[] {
  return [keyAt(1, ...flags)];
}

/** One key, the first argument behind a subcommand's name. */
export function subcommandKey(...flags: readonly KeyFlag[]): readonly KeySpec[] {
  return [keyAt(2, ...flags)];
}

/** Keys from the first argument to the last. `step` 2: keys and values alternate. */
export function allKeys(step: number, ...flags: readonly KeyFlag[]): readonly KeySpec[] {
  return [{ flags, first: 1, last: -1, step }];
}

/** One key, at an index. */
export function keyAt(first: number, ...flags: readonly KeyFlag[]): IndexedKeys {
  return { flags, first, last: 0, step: 1 };
}

/** Keys from an index to the last argument, or to one before (`last` -2). */
export function keysFrom(first: number, last: number, ...flags: readonly KeyFlag[]): IndexedKeys {
  return { flags, first, last, step: 1 };
}

/** As many keys as the argument at an index says, behind it. */
export function countedKeys(count: number, ...flags: readonly KeyFlag[]): KeySpec {
  return { flags, count };
}

/** The argument behind a word, which is looked for from an index on. */
export function keyBehind(keyword: string, from: number, ...flags: readonly KeyFlag[]): KeySpec {
  return { flags, keyword, from, last: 0, step: 1, limit: 0 };
}

/** Behind a word as many keys as there are values for them, which stand behind all keys. */
export function halfOfThoseBehind(
  keyword: string,
  from: number,
  ...flags: readonly KeyFlag[]
): KeySpec {
  return { flags, keyword, from, last: -1, step: 1, limit: 2 };
}
