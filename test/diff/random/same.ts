/**
 * Whether two servers' replies to a command are the same: as values, but for what may differ.
 *
 * What may: the order in which a hash table is walked, keys drawn at random, sizes of memory, the
 * wording of help, and remaining times by as much as the servers got the commands at different
 * moments.
 */
import { assert } from '../../../src/base/assert.js';
import { isDumpIntact, readDump } from '../../../src/rdb/dump.js';

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
    case 'scan':
      return isSameScan(args, real, ours);
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

/** The string in a payload: there are several ways to compress one. */
function dumped(value: Value): string | null {
  if (typeof value !== 'string') return null;
  const payload = Buffer.from(value, 'latin1');
  assert(isDumpIntact(payload), 'DUMP gives what RESTORE takes');
  return readDump(payload)?.toString('latin1') ?? null;
}

/** As plain() writes one. Keys may begin with `-` too, and RANDOMKEY gives any. */
function isError(value: Value): boolean {
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

/** Only a whole walk can be compared. */
function isSameScan(args: readonly string[], real: Value, ours: Value): boolean {
  if (!Array.isArray(real) || !Array.isArray(ours)) return equal(real, ours);
  if (real.length !== 2 || ours.length !== 2) return false;
  const countAt = args.findIndex((arg) => arg.toLowerCase() === 'count');
  const isWhole = args[1] === '0' && countAt > 0 && args[countAt + 1] === '1000';
  return !isWhole || (real[0] === ours[0] && isSameSet(real[1], ours[1]));
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
