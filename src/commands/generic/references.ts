/**
 * OBJECT REFCOUNT's figure.
 *
 * Values are not shared here, but clients may know that Redis shares small integers, and says so
 * with the largest int, unless an eviction policy has to tell apart who used which.
 *
 * @see redis/redis 7.0.15 src/object.c, tryObjectEncoding()
 */
import type { CommandContext } from '../context.js';
import type { Database } from '../../keyspace/database.js';

const SHARED_INTEGERS = 10_000;
const SHARED = 2 ** 31 - 1;

/** @param key - of a key that exists. */
export function referencesTo(
  { config }: Pick<CommandContext, 'config'>,
  db: Database,
  key: Uint8Array,
): number {
  const tellsApart = config.maxmemory.value > 0 && /-l[rf]u$/.test(config.maxmemoryPolicy.value);
  if (tellsApart || db.encodingOf(key) !== 'int') return 1;
  const value = Number(db.peekString(key)?.toString('latin1'));
  return value >= 0 && value < SHARED_INTEGERS ? SHARED : 1;
}
