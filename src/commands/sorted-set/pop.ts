/**
 * Members taken off an end of the first sorted set that has some, for commands that answer with the
 * key as well; and waiting for one. What is taken goes to replicas as ZPOPMIN or ZPOPMAX.
 *
 * @see redis/redis 7.0.15 src/t_zset.c, zmpopGenericCommand(), blockingGenericZpopCommand()
 */
import { type Reply, ReplyError, reply } from '../../resp/reply.js';
import { integerArg, SYNTAX_ERROR, wordArg } from '../arguments.js';
import type { CommandContext } from '../context.js';
import type { CommandResult } from '../spec.js';

type End = 'least' | 'greatest';

/** `numkeys key [key …] MIN | MAX [COUNT count]`, from an index on. @throws ReplyError */
export function mpopArgs(
  args: readonly Buffer[],
  at: number,
): { readonly keys: readonly Buffer[]; readonly end: End; readonly count: number } {
  const keys = positiveArg(args[at], 'ERR numkeys should be greater than 0');
  const where = at + keys + 1;
  const word = where < args.length ? wordArg(args[where]) : '';
  if (word !== 'min' && word !== 'max') throw new ReplyError(SYNTAX_ERROR);
  let count = 0;
  for (let i = where + 1; i < args.length; i += 2) {
    const isCount = count === 0 && wordArg(args[i]) === 'count' && i + 1 < args.length;
    if (!isCount) throw new ReplyError(SYNTAX_ERROR);
    count = positiveArg(args[i + 1], 'ERR count should be greater than 0');
  }
  return {
    keys: args.slice(at + 1, where),
    end: word === 'min' ? 'least' : 'greatest',
    count: Math.max(count, 1),
  };
}

function positiveArg(arg: Buffer | undefined, refusal: string): number {
  const value = integerArg(arg, refusal);
  if (value < 1) throw new ReplyError(refusal);
  return value;
}

/** @returns the key, and pairs of members and scores; null: the key is missing. */
export function popNested(
  context: CommandContext,
  key: Buffer,
  end: End,
  count: number,
): Reply | null {
  const popped = pop(context, key, end, count);
  if (popped === null) return null;
  context.propagate(COMMANDS[end], key, String(popped.length));
  return reply.array([reply.bulk(key), reply.array(popped.map(reply.array))]);
}

/** @returns the key, a member and its score; null: the key is missing. */
export function popOne(context: CommandContext, key: Buffer, end: End): Reply | null {
  const popped = pop(context, key, end, 1);
  if (popped === null) return null;
  context.propagate(COMMANDS[end], key);
  return reply.array([reply.bulk(key), ...popped.flat()]);
}

const COMMANDS = { least: 'ZPOPMIN', greatest: 'ZPOPMAX' } as const;

/** @returns members and scores; null: the key is missing. @throws ReplyError: WRONGTYPE. */
function pop(
  { db, client, watches, notify }: CommandContext,
  key: Buffer,
  end: End,
  count: number,
): (readonly [Reply, Reply])[] | null {
  const popped = db.values.popScored(key, end === 'greatest', count);
  if (popped === null) return null;
  watches.touch(client.db, key);
  notify('z', end === 'greatest' ? 'zpopmax' : 'zpopmin', key);
  if (!db.exists(key)) notify('g', 'del', key);
  return popped.map(({ member, score }) => [
    reply.bulk(member),
    reply.double(Number(score), score),
  ]);
}

/** Pop from the first key that holds a sorted set, or wait until one does. */
export function popOrWait(
  context: CommandContext,
  keys: readonly Buffer[],
  timeoutMs: number,
  serve: (context: CommandContext, key: Buffer) => Reply | null,
): CommandResult {
  for (const key of keys) {
    const served = serve(context, key);
    if (served !== null) return served;
  }
  return { type: 'blocked-on-keys', keys, awaits: 'zset', timeoutMs, serve };
}
