/**
 * What SORT and SORT_RO do: read their options, take the elements of a list, set or sorted set in
 * order, and reply with them, or with what patterns find for them, or store that.
 *
 * @see redis/redis 7.0.15 src/sort.c, sortCommandGeneric()
 */
import { wrongType } from '../../keyspace/errors.js';
import { encodeLength, encodeString } from '../../rdb/encode.js';
import { TYPE_LIST } from '../../rdb/opcodes.js';
import { ReplyError, type Reply, reply } from '../../resp/reply.js';
import { SYNTAX_ERROR, integerArg, wordArg } from '../arguments.js';
import type { CommandContext } from '../context.js';
import type { KeyPlace } from '../key-specs.js';
import { type Order, sorted, valueByPattern } from './sort-order.js';

interface Options extends Omit<Order, 'isStored'> {
  /** `BY` something without a star: elements stay as they stand. */
  readonly isUnsorted: boolean;
  readonly offset: number;
  /** -1: all. */
  readonly limit: number;
  readonly get: readonly Buffer[];
  readonly store: Buffer | null;
}

/**
 * @param mayStore - SORT, not SORT_RO.
 * @throws ReplyError
 */
export function sortElements(
  context: CommandContext,
  args: readonly Buffer[],
  mayStore: boolean,
): Reply {
  const { db } = context;
  const options = readOptions(context, args, mayStore);
  const elements = elementsInOrder(context, args[1] ?? NONE, options);
  const { get, store } = options;
  const found =
    get.length === 0
      ? elements
      : elements.flatMap((element) => get.map((pattern) => valueByPattern(db, pattern, element)));
  if (store === null) {
    return reply.array(found.map((value) => (value === null ? reply.null : reply.bulk(value))));
  }
  keep(context, store, found);
  return reply.integer(found.length);
}

function readOptions(context: CommandContext, args: readonly Buffer[], mayStore: boolean): Options {
  let by: Buffer | null = null;
  let isUnsorted = false;
  let isText = false;
  let isDescending = false;
  let offset = 0;
  let limit = -1;
  let store: Buffer | null = null;
  const get: Buffer[] = [];
  for (let at = 2; at < args.length; at++) {
    const word = wordArg(args[at]);
    const next = args[at + 1];
    if (word === 'asc' || word === 'desc') isDescending = word === 'desc';
    else if (word === 'alpha') isText = true;
    else if (word === 'limit' && at + 2 < args.length) {
      offset = integerArg(next);
      limit = integerArg(args[at + 2]);
      at += 2;
    } else if (next !== undefined && word === 'store' && mayStore) {
      store = next;
      at++;
    } else if (next !== undefined && word === 'by') {
      by = next;
      if (next.includes('*')) checkAccess(context, args, 'BY');
      else isUnsorted = true;
      at++;
    } else if (next !== undefined && word === 'get') {
      checkAccess(context, args, 'GET');
      get.push(next);
      at++;
    } else throw new ReplyError(SYNTAX_ERROR);
  }
  return { by, isUnsorted, isText, isDescending, offset, limit, get, store };
}

/** Patterns read keys that no rule can be asked about. @throws ReplyError */
function checkAccess(
  { access, client, commands }: CommandContext,
  args: readonly Buffer[],
  option: 'BY' | 'GET',
): void {
  const resolved = commands.lookup(args);
  if (resolved === null || access.readsAllKeys(client.user, resolved, args)) return;
  throw new ReplyError(`ERR ${option} option of SORT denied due to insufficient ACL permissions.`);
}

/** @returns those that LIMIT leaves. @throws ReplyError WRONGTYPE, or an element is no number */
function elementsInOrder({ db, client }: CommandContext, key: Buffer, options: Options): Buffer[] {
  const type = db.typeOf(key);
  db.access.touch(key); // Counts a hit or a miss.
  if (type !== 'none' && type !== 'list' && type !== 'set' && type !== 'zset') {
    throw wrongType();
  }
  if (type === 'none') return [];
  const { isUnsorted, isDescending, offset, limit, store } = options;
  const count = db.values.size(key);
  const start = Math.min(Math.max(offset, 0), count);
  const taken = Math.min(limit < 0 ? count : limit, count - start);
  const read = (from: number, length: number): Buffer[] => {
    if (type === 'set') return db.values.elements(key);
    return type === 'list' ? db.lists.range(key, from, length) : db.lists.ranks(key, from, length);
  };
  // What stands in an order of its own is not read beyond what is wanted.
  if (isUnsorted && type !== 'set') {
    const range = read(isDescending ? count - start - taken : start, taken);
    return isDescending ? range.toReversed() : range;
  }
  const all = read(0, count);
  const order = { ...options, isStored: store !== null };
  if (!isUnsorted) return sorted(db, all, order, start, taken);
  // A set has no order: what is stored must be the same everywhere, and what a script finds.
  if (store !== null || client.isScript) {
    return sorted(db, all, { ...order, by: null, isText: true }, start, taken);
  }
  return all.slice(start, start + taken);
}

/** Make a list of the result, or, of an empty one, no key. @throws ReplyError OOM */
function keep(
  { db, propagateVerbatim }: CommandContext,
  key: Buffer,
  found: readonly (Buffer | null)[],
): void {
  if (found.length === 0) {
    if (db.delete(key)) propagateVerbatim();
    return;
  }
  const strings = found.map((value) => encodeString(value ?? NONE));
  db.values.restore(
    key,
    Buffer.concat([Buffer.of(TYPE_LIST), encodeLength(found.length), ...strings]),
    null,
  );
  propagateVerbatim(found.length);
}

/**
 * The key that is sorted, and the last one that a STORE names, as Redis looks for it: the words
 * that take arguments are passed over with these.
 *
 * @see redis/redis 7.0.15 src/db.c, sortGetKeys()
 */
export function sortKeys(args: readonly Buffer[]): KeyPlace[] {
  const places: KeyPlace[] = [{ at: 1, flags: ['RO', 'access'] }];
  for (let at = 2; at < args.length; at++) {
    const word = wordArg(args[at]);
    if (word === 'limit') at += 2;
    else if (word === 'get' || word === 'by') at++;
    else if (word === 'store' && at + 1 < args.length) {
      places[1] = { at: at + 1, flags: ['OW', 'update'] };
    }
  }
  return places;
}

const NONE = Buffer.alloc(0);
