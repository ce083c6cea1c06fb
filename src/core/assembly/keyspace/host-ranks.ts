/** Members of a sorted set by rank, for commands of the host: SORT takes them as they stand. */
import { openWalk, walk, walkedAt, walkedLength } from '../collections/zset-walk';
import { writeRaw, writeU32 } from '../snapshot/writer';
import { begin } from '../state';
import { lookupQuietly } from './database';
import { valueOf } from './entry';
import { closePage, openPage } from './host-values';

/**
 * Write so many members, each as u32 length and bytes, to PAGE_PTR. The key must hold a sorted set
 * with as many from that rank on.
 *
 * @returns false: memory is exhausted.
 */
export function readRanks(
  database: i32,
  flags: u32,
  key: usize,
  keySize: u32,
  rank: u32,
  count: u32,
): bool {
  begin(flags, database);
  const entry = lookupQuietly(key, keySize);
  openPage();
  if (entry !== 0 && count !== 0) {
    openWalk(valueOf(entry), rank, false);
    for (let left = count; left !== 0 && walk(); left--) {
      writeU32(walkedLength);
      writeRaw(walkedAt, walkedLength);
    }
  }
  return closePage();
}
