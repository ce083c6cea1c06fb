/**
 * Whether two servers' replies to a command are the same: as values, but for what may differ.
 *
 * What may: the order in which a hash table is walked, keys drawn at random, sizes of memory, the
 * wording of help, and remaining times by as much as the servers got the commands at different
 * moments.
 */
import { assert } from '../../../src/base/assert.js';
import { RdbCursor } from '../../../src/rdb/cursor.js';
import { isDumpIntact } from '../../../src/rdb/dump.js';
import { scriptedCommands } from './scripts.js';
import { TYPE_LIST_QUICKLIST_2, TYPES_OF_ONE_STRING } from '../../../src/rdb/opcodes.js';

/** A reply as plain() makes it. */
export type Value = unknown;

/**
 * @param args - the command.
 * @param queued - for EXEC, the commands that it ran.
 * @param slackMs - by how much the servers' moments may differ.
 * @returns null, or why they differ.
 */
export function difference(
  args: readonly string[],
  real: Value,
  ours: Value,
  slackMs: number,
  queued: readonly (readonly string[])[] = [],
): string | null {
  if (isSame(args, real, ours, slackMs, queued)) return null;
  return `real ${text(real)}\n      ours ${text(ours)}`;
}

function isSame(
  args: readonly string[],
  real: Value,
  ours: Value,
  slackMs: number,
  queued: readonly (readonly string[])[],
): boolean {
  if (real === ours) return true;
  if (isError(real) || isError(ours)) return false;
  const name = (args[0] ?? '').toLowerCase();
  switch (name === 'object' || name === 'memory' ? `${name} ${args[1]?.toLowerCase()}` : name) {
    case 'ttl':
    case 'expiretime':
      return isClose(real, ours, 1 + slackMs / 1000);
    case 'pttl':
    case 'pexpiretime':
      return isClose(real, ours, slackMs);
    case 'keys':
      return isSameSet(real, ours);
    case 'hkeys':
    case 'hvals':
    case 'sdiff':
    case 'sinter':
    case 'smembers':
    case 'spop':
    case 'sunion':
      return isSameSet(real, ours);
    case 'srandmember':
      return typeof real === 'string' ? typeof ours === 'string' : isSameSet(real, ours);
    case 'hrandfield':
      if (typeof real === 'string') return typeof ours === 'string';
      return isSameSet(inPairs(args, real), inPairs(args, ours));
    case 'hgetall':
      return isSameSet(inPairs(args, real), inPairs(args, ours));
    case 'zscan':
      return isSameWalk(real, ours);
    case 'zrandmember':
      return Array.isArray(real) === Array.isArray(ours) && sizeOf(real) === sizeOf(ours);
    case 'scan':
    case 'sscan':
      return isSameScan(args, real, ours, 1);
    case 'hscan':
      return isSameScan(args, real, ours, 2);
    case 'randomkey':
    case 'memory usage':
    case 'object freq':
    case 'object idletime':
    case 'object refcount': // Redis counts MULTI's own references too.
      return typeof real === typeof ours && (real === null) === (ours === null);
    case 'memory stats':
    case 'memory doctor':
    case 'memory help':
    case 'object help':
      return Array.isArray(real) === Array.isArray(ours);
    case 'xinfo':
      return equal(withoutTimes(real), withoutTimes(ours));
    case 'xpending':
      return equal(withoutIdleTimes(args, real), withoutIdleTimes(args, ours));
    case 'eval':
    case 'evalsha':
    case 'eval_ro':
    case 'fcall':
    case 'fcall_ro':
      return isSameScript(args, real, ours, slackMs);
    case 'dump':
      return equal(dumped(real), dumped(ours));
    case 'hello':
      return Array.isArray(real) && Array.isArray(ours) && real.length === ours.length;
    case 'exec':
      if (!Array.isArray(real) || !Array.isArray(ours)) return equal(real, ours);
      return (
        real.length === ours.length &&
        real.every((value, i) => isSame(queued[i] ?? [], value, ours[i], slackMs, []))
      );
    default:
      return equal(real, ours);
  }
}

function isSameScript(args: readonly string[], real: Value, ours: Value, slackMs: number): boolean {
  const ran = scriptedCommands(args);
  if (ran === null) return equal(real, ours);
  const { commands, areTwo, hasMaps } = ran;
  if (hasMaps && equal(unordered(withoutTimes(real)), unordered(withoutTimes(ours)))) return true;
  if (!areTwo) return isSame(commands[0] ?? [], real, ours, slackMs, []);
  if (!Array.isArray(real) || !Array.isArray(ours)) return equal(real, ours);
  return (
    real.length === ours.length &&
    real.every((value, i) => isSame(commands[i] ?? [], value, ours[i], slackMs, []))
  );
}

/** Lua walks a table in no order that it promises, and a map of RESP3 is one there. */
function unordered(value: Value): Value {
  return Array.isArray(value) ? value.map((item) => text(unordered(item))).toSorted() : value;
}

const [EARLIEST, LATEST] = [1_500_000_000_000, 4_000_000_000_000];

/** When consumers were seen and entries delivered, and how long ago. */
export function withoutTimes(value: Value): Value {
  if (typeof value === 'number') return value > EARLIEST && value < LATEST ? 'a time' : value;
  if (!Array.isArray(value)) return value;
  return value.map((item: Value, i) => (value[i - 1] === 'idle' ? 'idle' : withoutTimes(item)));
}

/** Of the rows that XPENDING has of a range. */
function withoutIdleTimes(args: readonly string[], value: Value): Value {
  if (args.length < 5 || !Array.isArray(value)) return value;
  return value.map((row: Value) => (Array.isArray(row) ? row.toSpliced(2, 1) : row));
}

/** What is in a payload: there are several ways to compress a string, or a list's node. */
export function dumped(value: Value): string | null {
  if (typeof value !== 'string') return null;
  const payload = Buffer.from(value, 'latin1');
  assert(isDumpIntact(payload), 'DUMP gives what RESTORE takes');
  const [type = 0] = payload;
  if (type === TYPE_LIST_QUICKLIST_2) return nodesOf(payload);
  // What is an index has no order.
  if (!TYPES_OF_ONE_STRING.has(type)) return `type ${type}`;
  const cursor = new RdbCursor(payload, 1);
  return `type ${type}: ${cursor.string().toString('latin1')}`;
}

function nodesOf(payload: Buffer): string {
  const cursor = new RdbCursor(payload, 1);
  const nodes = Array.from({ length: cursor.length() }, () => {
    const container = cursor.length();
    return `${container}: ${cursor.string().toString('latin1')}`;
  });
  return nodes.join('\n');
}

/** As plain() writes one. Keys may begin with `-` too, and RANDOMKEY gives any. */
export function isError(value: Value): value is string {
  return typeof value === 'string' && /^-[A-Z]+ /.test(value);
}

/** Both times, and not too far apart; -1 and -2 are no times. */
export function isClose(real: Value, ours: Value, slack: number): boolean {
  if (real === ours) return true;
  if (!isInteger(real) || !isInteger(ours) || real < 0 || ours < 0) return false;
  const apart = BigInt(real) - BigInt(ours);
  return apart >= -slack && apart <= slack;
}

function isInteger(value: Value): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function isSameSet(real: Value, ours: Value): boolean {
  if (!Array.isArray(real) || !Array.isArray(ours)) return equal(real, ours);
  return equal(real.map(text).toSorted(), ours.map(text).toSorted());
}

/** Where fields and their values are one behind the other, they belong together. */
function inPairs(args: readonly string[], value: Value): Value {
  const areFlat = args[0]?.toLowerCase() === 'hgetall' || args.length === 4;
  if (!Array.isArray(value) || !areFlat || Array.isArray(value[0])) return value;
  return paired(value);
}

function paired(value: readonly unknown[]): unknown[] {
  return value.filter((_, i) => i % 2 === 0).map((first, i) => [first, value[i * 2 + 1]]);
}

/** All members with their scores, in any order: the makers ask for no less. */
function isSameWalk(real: Value, ours: Value): boolean {
  if (!Array.isArray(real) || !Array.isArray(ours)) return equal(real, ours);
  return real[0] === ours[0] && isSameSet(pairsOf(real[1]), pairsOf(ours[1]));
}

function pairsOf(elements: Value): Value[] {
  if (!Array.isArray(elements)) return [];
  return elements.flatMap((element: Value, i) => (i % 2 === 0 ? [[element, elements[i + 1]]] : []));
}

function sizeOf(value: Value): number {
  return Array.isArray(value) ? value.length : 0;
}

/** Only a whole walk can be compared. @param width - how many elements belong together. */
function isSameScan(args: readonly string[], real: Value, ours: Value, width: number): boolean {
  if (!Array.isArray(real) || !Array.isArray(ours)) return equal(real, ours);
  if (real.length !== 2 || ours.length !== 2) return false;
  const countAt = args.findIndex((arg) => arg.toLowerCase() === 'count');
  const cursorAt = args[0]?.toLowerCase() === 'scan' ? 1 : 2;
  const isWhole = args[cursorAt] === '0' && countAt > 0 && args[countAt + 1] === '1000';
  const elements = (of: Value): Value => (width === 2 && Array.isArray(of) ? paired(of) : of);
  return !isWhole || (real[0] === ours[0] && isSameSet(elements(real[1]), elements(ours[1])));
}

function equal(real: Value, ours: Value): boolean {
  return real === ours || text(real) === text(ours);
}

/** One line; a bigint is written as the integer it is. */
export function text(value: Value): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'bigint' ? `(integer) ${item}` : item,
  );
}
