/** HSCAN, SSCAN and ZSCAN: walk over a collection's elements step by step. */
import { Glob } from '../base/glob.js';
import { reply } from '../resp/reply.js';
import type { CommandContext } from './context.js';
import type { CommandResult } from './spec.js';
import { readCursor, scanOptions } from './scan-options.js';

/**
 * An element that is there from the first call to the last is found, at least once; a collection
 * that is one block comes whole, whatever the count.
 *
 * @see redis/redis 7.0.15 src/db.c, scanGenericCommand()
 */
export function scanElements(
  { db }: CommandContext,
  [, key = NONE, cursorArg, ...options]: readonly Buffer[],
  type: 'hash' | 'set' | 'zset',
): CommandResult {
  const cursor = readCursor(cursorArg);
  // Of a key that is missing the options are not looked at.
  if (db.values.scan(key, type, 0n, 0, true) === null) return pageReply(0n, []);
  const { pattern, count } = scanOptions(options);
  const page = db.values.scan(key, type, cursor, count, false);
  const elements = page?.elements ?? [];
  const glob = pattern === null ? null : new Glob(pattern);
  const width = type === 'set' ? 1 : 2;
  const found =
    glob === null
      ? elements
      : elements.filter((_, i) => glob.matches(elements[i - (i % width)] ?? NONE));
  const shown =
    type === 'zset' && db.encodingOf(key) === 'listpack' ? found.map(packedScore) : found;
  return pageReply(page?.cursor ?? 0n, shown);
}

/**
 * Listpacks hold an integer as one, up to 2^62: so it is shown, where other scores have 17 digits.
 */
function packedScore(element: Buffer, i: number): Buffer {
  const score = i % 2 === 0 ? Number.NaN : Number(element.toString());
  const isInteger = Number.isInteger(score) && Math.abs(score) <= 2 ** 62;
  return isInteger ? Buffer.from(BigInt(score).toString()) : element;
}

function pageReply(cursor: bigint, elements: readonly Buffer[]): CommandResult {
  return reply.array([reply.bulk(String(cursor)), reply.bulks([...elements])]);
}

const NONE = Buffer.alloc(0);
