/** `LCS`: what two strings have in common. */
import { type Reply, ReplyError, reply } from '../../resp/reply.js';
import { integerArg, SYNTAX_ERROR, wordArg } from '../arguments.js';
import {
  type CommonRun,
  type CommonSubsequence,
  commonSubsequence,
  tableBytes,
} from './common-subsequence.js';
import type { CommandSpec } from '../spec.js';

/**
 * `LCS key1 key2 [LEN] [IDX] [MINMATCHLEN length] [WITHMATCHLEN]` — the longest subsequence of
 * bytes that two strings have in common; its length; or where its runs are.
 */
export const lcs = {
  name: 'lcs',
  group: 'string',
  since: '7.0.0',
  summary: 'Find the longest subsequence that two strings have in common',
  complexity: 'O(N*M) where N and M are the lengths of the two strings',
  arity: -3,
  flags: ['readonly'],
  acl: ['string'],
  keys: [{ flags: ['RO', 'access'], first: 1, last: 1, step: 1 }],
  syntax: 'key1:key key2:key [LEN] [IDX] [MINMATCHLEN len:integer] [WITHMATCHLEN]',
  run({ db, config }, [, key1 = NONE, key2 = NONE, ...args]) {
    // Both are looked up before either is judged: a key past its time goes even beside a wrong one.
    const types = [db.typeOf(key1), db.typeOf(key2)];
    if (types.some((type) => type !== 'none' && type !== 'string')) {
      throw new ReplyError('ERR The specified keys must contain string values');
    }
    const options = lcsOptions(args);
    const a = db.viewString(key1) ?? NONE;
    const b = db.viewString(key2) ?? NONE;
    if (tableBytes(a, b) > config.protoMaxBulkLen.value) throw new ReplyError(TABLE_TOO_LARGE);
    const found = subsequence(a, b);
    if (options.isIndex) return indexReply(found, options);
    return options.isLength ? reply.integer(found.bytes.length) : reply.bulk(found.bytes);
  },
} as const satisfies CommandSpec;

interface LcsOptions {
  isLength: boolean;
  isIndex: boolean;
  withMatchLength: boolean;
  minMatchLength: number;
}

function lcsOptions(args: readonly Buffer[]): LcsOptions {
  const options = { isLength: false, isIndex: false, withMatchLength: false, minMatchLength: 0 };
  for (let i = 0; i < args.length; i++) {
    const word = wordArg(args[i]);
    if (word === 'idx') options.isIndex = true;
    else if (word === 'len') options.isLength = true;
    else if (word === 'withmatchlen') options.withMatchLength = true;
    else if (word === 'minmatchlen' && i + 1 < args.length) {
      options.minMatchLength = integerArg(args[++i]);
    } else throw new ReplyError(SYNTAX_ERROR);
  }
  if (options.isLength && options.isIndex) {
    throw new ReplyError('ERR If you want both the length and indexes, please just use IDX.');
  }
  return options;
}

function subsequence(a: Uint8Array, b: Uint8Array): CommonSubsequence {
  try {
    return commonSubsequence(a, b);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ReplyError(NO_MEMORY, { cause: error });
  }
}

function indexReply({ bytes, runs }: CommonSubsequence, options: LcsOptions): Reply {
  const matches = runs
    .filter((run) => lengthOf(run) >= options.minMatchLength)
    .map((run) => {
      const items = [rangeReply(run.a), rangeReply(run.b)];
      if (options.withMatchLength) items.push(reply.integer(lengthOf(run)));
      return reply.array(items);
    });
  return reply.map([
    [reply.bulk('matches'), reply.array(matches)],
    [reply.bulk('len'), reply.integer(bytes.length)],
  ]);
}

function lengthOf({ a: [first, last] }: CommonRun): number {
  return last - first + 1;
}

function rangeReply([first, last]: CommonRun['a']): Reply {
  return reply.array([reply.integer(first), reply.integer(last)]);
}

const NONE = Buffer.alloc(0);
const TABLE_TOO_LARGE =
  'ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len';
const NO_MEMORY = 'ERR Insufficient memory, failed allocating transient memory for LCS';
