/**
 * Sorted sets for commands of the host: members taken off an end, a member's score, members of a
 * range of scores. What is found is written to PAGE_PTR (host-values.ts).
 */
import { rootCount } from '../collections/root';
import { findScore, removeRanks, score } from '../collections/zset';
import {
  countBelow,
  openWalk,
  walk,
  walkedAt,
  walkedLength,
  walkedScore,
} from '../collections/zset-walk';
import { writePair } from '../collections/zset-page';
import { writeRaw, writeU32, writeU64 } from '../snapshot/writer';
import { begin } from '../state';
import { closeChange, openChange } from './collections';
import { lookupWrite } from './database';
import { valueOf } from './entry';
import { closePage, openPage } from './host-values';

/**
 * Take so many members, or all there are, off an end of the sorted set at a key, which there must
 * be: each is written as u32 length and text, then its score's text likewise.
 *
 * @returns false: there is no memory to write them, and nothing has changed.
 */
export function popScored(
  database: i32,
  flags: u32,
  key: usize,
  keySize: u32,
  isGreatest: bool,
  wanted: u32,
): bool {
  begin(flags, database);
  const entry = lookupWrite(key, keySize);
  const root = valueOf(entry);
  const total = rootCount(root);
  const size = min(wanted, total);
  openPage();
  openWalk(root, isGreatest ? total - 1 : 0, isGreatest);
  for (let i: u32 = 0; i < size; i++) {
    walk();
    writePair(walkedAt, walkedLength, walkedScore);
  }
  if (!closePage()) return false;
  openChange(entry);
  removeRanks(root, isGreatest ? total - size : 0, size);
  closeChange(entry);
  return true;
}

/** Write a member's score, an f64. @returns whether there is such a member. */
export function findZsetScore(entry: usize, member: usize, length: u32): bool {
  if (!findScore(valueOf(entry), member, length)) return false;
  openPage();
  writeU64(reinterpret<u64>(score));
  return closePage();
}

/**
 * Write the members whose scores are from `least` on and below `most`: each as u32 length, text,
 * and an f64.
 *
 * @returns false: memory is exhausted.
 */
export function readScoreRange(entry: usize, least: f64, most: f64): bool {
  const root = valueOf(entry);
  const from = countBelow(root, least, false);
  const end = countBelow(root, most, false);
  openPage();
  if (from < end) openWalk(root, from, false);
  for (let i = from; i < end; i++) {
    walk();
    writeU32(walkedLength);
    writeRaw(walkedAt, walkedLength);
    writeU64(reinterpret<u64>(walkedScore));
  }
  return closePage();
}
