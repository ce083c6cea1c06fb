/**
 * What commands do that take elements off lists, at once or when there are some: BLPOP, BRPOP,
 * LMPOP, BLMPOP; LMOVE, RPOPLPUSH, BLMOVE, BRPOPLPUSH.
 *
 * Rule: replicas get what was done (LPOP, RPOP, LMOVE, RPOPLPUSH), whichever command it was.
 *
 * @see redis/redis 7.0.15 src/t_list.c, blockingPopGenericCommand(), lmoveGenericCommand()
 */
import { type Reply, ReplyError, reply } from '../../resp/reply.js';
import { SYNTAX_ERROR, integerArg, wordArg } from '../arguments.js';
import type { CommandContext } from '../context.js';
import type { ListEnd } from '../../keyspace/lists.js';
import type { CommandResult } from '../spec.js';

/** What BLPOP and its like take: one element each time, or up to `count` of them in an array. */
export interface Taking {
  readonly keys: readonly Buffer[];
  readonly end: ListEnd;
  /** Null: one element, not in an array. */
  readonly count: number | null;
}

/** Which end of a list an argument names. @throws ReplyError */
export function listEndArg(arg: Uint8Array | undefined): ListEnd {
  const word = wordArg(arg);
  if (word !== 'left' && word !== 'right') throw new ReplyError(SYNTAX_ERROR);
  return word;
}

/** Take from the first of the keys that has a list. @returns null: none has. @throws ReplyError */
export function takeFromAny(context: CommandContext, taking: Taking): Reply | null {
  for (const key of taking.keys) {
    const found = takeFrom(context, key, taking);
    if (found !== null) return found;
  }
  return null;
}

function takeFrom(context: CommandContext, key: Buffer, { end, count }: Taking): Reply | null {
  const elements = context.db.lists.pop(key, end, count ?? 1);
  const [first] = elements;
  if (first === undefined) return null;
  const pop = end === 'left' ? 'LPOP' : 'RPOP';
  context.propagate(pop, key, ...(count === null ? [] : [String(elements.length)]));
  context.changes += elements.length - 1;
  tellTaken(context, key, end);
  return reply.array([reply.bulk(key), count === null ? reply.bulk(first) : reply.bulks(elements)]);
}

function tellTaken(
  { client, db, notify, watches }: CommandContext,
  key: Buffer,
  end: ListEnd,
): void {
  watches.touch(client.db, key);
  notify('l', end === 'left' ? 'lpop' : 'rpop', key);
  if (!db.isStored(key)) notify('g', 'del', key);
}

/** The same, or wait until one has. @throws ReplyError */
export function takeOrBlock(
  context: CommandContext,
  taking: Taking,
  timeoutMs: number,
): CommandResult {
  const { keys } = taking;
  const found = takeFromAny(context, taking);
  if (found !== null) return found;
  return {
    type: 'blocked-on-keys',
    keys,
    awaits: 'list',
    timeoutMs,
    serve: (later, key) => takeFrom(later, key, taking),
  };
}

/**
 * Read `numkeys key [key …] LEFT | RIGHT [COUNT count]`.
 *
 * @param at - the index of `numkeys`.
 * @throws ReplyError
 */
export function takingArgs(args: readonly Buffer[], at: number): Taking {
  const numkeys = integerArg(args[at], NUMKEYS);
  if (numkeys < 1) throw new ReplyError(NUMKEYS);
  const where = at + 1 + numkeys;
  if (where >= args.length) throw new ReplyError(SYNTAX_ERROR);
  const end = listEndArg(args[where]);
  const options = args.slice(where + 1);
  if (options.length !== 0 && (options.length !== 2 || wordArg(options[0]) !== 'count')) {
    // The count is read before what stands behind it is found to be too much.
    if (options.length > 2 && wordArg(options[0]) === 'count') countArg(options[1]);
    throw new ReplyError(SYNTAX_ERROR);
  }
  const count = options.length === 0 ? 1 : countArg(options[1]);
  return { keys: args.slice(at + 1, where), end, count };
}

function countArg(arg: Buffer | undefined): number {
  const count = integerArg(arg, COUNT);
  if (count < 1) throw new ReplyError(COUNT);
  return count;
}

const NUMKEYS = 'ERR numkeys should be greater than 0';
const COUNT = 'ERR count should be greater than 0';

/** An element's way from one list to another, or to the same. */
export interface Moving {
  readonly from: Buffer;
  readonly to: Buffer;
  readonly fromEnd: ListEnd;
  readonly toEnd: ListEnd;
  /** What replicas get. */
  readonly effect: readonly (Buffer | string)[];
}

/** LMOVE's, and BLMOVE's. @throws ReplyError */
export function movingArgs(args: readonly Buffer[]): Moving {
  const [, from = NONE, to = NONE, fromArg, toArg] = args;
  const fromEnd = listEndArg(fromArg);
  const toEnd = listEndArg(toArg);
  return { from, to, fromEnd, toEnd, effect: ['LMOVE', from, to, fromEnd, toEnd] };
}

/** RPOPLPUSH's, and BRPOPLPUSH's. */
export function rotatingArgs([, from = NONE, to = NONE]: readonly Buffer[]): Moving {
  return { from, to, fromEnd: 'right', toEnd: 'left', effect: ['RPOPLPUSH', from, to] };
}

const NONE = Buffer.alloc(0);

/** @returns the element; null: there is none. @throws ReplyError */
export function move(context: CommandContext, moving: Moving): Reply | null {
  const { db, client, watches, notify, propagate } = context;
  const { from, to, fromEnd, toEnd, effect } = moving;
  const element = db.lists.move(from, to, fromEnd, toEnd);
  if (element === null) return null;
  propagate(...effect);
  watches.touch(client.db, to);
  notify('l', toEnd === 'left' ? 'lpush' : 'rpush', to);
  tellTaken(context, from, fromEnd);
  return reply.bulk(element);
}

/** The same, or wait until there is one. @throws ReplyError */
export function moveOrBlock(
  context: CommandContext,
  moving: Moving,
  timeoutMs: number,
): CommandResult {
  const found = move(context, moving);
  if (found !== null) return found;
  return {
    type: 'blocked-on-keys',
    keys: [moving.from],
    awaits: 'list',
    timeoutMs,
    serve: (later) => move(later, moving),
    refusedReply: reply.null,
  };
}
