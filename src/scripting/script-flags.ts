/**
 * The first line of a script, `#!lua flags=…`, and of a library, `#!lua name=…`; and the flags that
 * scripts and functions declare.
 *
 * @see redis/redis 7.0.15 src/script.c, scripts_flags_def; src/eval.c, evalExtractShebangFlags();
 * src/functions.c, functionExtractLibMetaData()
 */
import { ReplyError } from '../resp/reply.js';
import { splitArgs } from '../resp/split-args.js';

/** In the order in which FUNCTION LIST shows them. */
export const SCRIPT_FLAGS = [
  'no-writes',
  'allow-oom',
  'allow-stale',
  'no-cluster',
  'allow-cross-slot-keys',
] as const;

export type ScriptFlag = (typeof SCRIPT_FLAGS)[number];

/** `null`: the script has declared nothing, and is treated as before there were flags. */
export type DeclaredFlags = ReadonlySet<ScriptFlag> | null;

interface FirstLine {
  /** Its words; null: quotes do not match. */
  readonly words: readonly string[] | null;
  /** Where the code goes on: with the line's end, so that lines keep their numbers. */
  readonly end: number;
}

/**
 * @returns null: the code does not begin with `#!`. @throws ReplyError with `refusal`: it has no
 * end.
 */
function firstLine(code: Buffer, refusal: string): FirstLine | null {
  if (code.toString('latin1', 0, 2) !== '#!') return null;
  const end = code.indexOf('\n');
  if (end < 0) throw new ReplyError(refusal);
  return { words: splitArgs(code.toString('latin1', 0, end)), end };
}

/** @throws ReplyError: its first line says something else than `#!lua`, known flags. */
export function scriptHead(body: Buffer): { readonly flags: DeclaredFlags; readonly code: Buffer } {
  const line = firstLine(body, 'ERR Invalid script shebang');
  if (line === null) return { flags: null, code: body };
  const [engine, ...options] = line.words ?? [];
  if (engine === undefined) throw new ReplyError('ERR Invalid engine in script shebang');
  if (engine !== '#!lua') {
    throw new ReplyError(`ERR Unexpected engine in script shebang: ${engine}`);
  }
  const flags = new Set<ScriptFlag>();
  for (const option of options) {
    if (!option.startsWith('flags=')) {
      throw new ReplyError(`ERR Unknown lua shebang option: ${option}`);
    }
    const names = option.slice('flags='.length);
    for (const name of names === '' ? [] : names.split(',')) {
      if (!isScriptFlag(name)) {
        throw new ReplyError(`ERR Unexpected flag in script shebang: ${name}`);
      }
      flags.add(name);
    }
  }
  return { flags, code: body.subarray(line.end) };
}

export function isScriptFlag(name: string): name is ScriptFlag {
  return SCRIPT_FLAGS.some((flag) => flag === name);
}

/** What names of libraries and functions are made of. */
const NAME = /^\w+$/;

/** @throws ReplyError: no first line, no name, or something else in it. */
export function libraryHead(code: Buffer): {
  readonly engine: string;
  readonly name: string;
  readonly code: Buffer;
} {
  const line = firstLine(code, 'ERR Invalid library metadata');
  if (line === null) throw new ReplyError('ERR Missing library metadata');
  const [engine, ...parts] = line.words ?? [];
  if (engine === undefined) throw new ReplyError('ERR Invalid library metadata');
  let name: string | null = null;
  for (const part of parts) {
    if (part.slice(0, 5).toLowerCase() !== 'name=') {
      throw new ReplyError(`ERR Invalid metadata value given: ${part}`);
    }
    if (name !== null) {
      throw new ReplyError('ERR Invalid metadata value, name argument was given multiple times');
    }
    name = part.slice(5);
  }
  if (name === null) throw new ReplyError('ERR Library name was not given');
  if (!NAME.test(name)) {
    throw new ReplyError(
      'ERR Library names can only contain letters, numbers, or underscores(_) and must be at least one character long',
    );
  }
  return { engine: engine.slice(2), name, code: code.subarray(line.end) };
}
