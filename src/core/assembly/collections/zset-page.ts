/**
 * A sorted set's members and their scores' texts in turn, in pages for the host: a listpack is one
 * page, of an index each chain of its buckets.
 */
import { writeDouble } from '../double-format';
import { writeRaw, writeU32 } from '../snapshot/writer';
import { nextItem, nextItems, openItems } from './members';
import { rootBlock } from './root';
import { elementLength, elementScore, elementText } from './scored';
import { isPacked } from './zset';
import { openWalk, walk, walkedAt, walkedLength, walkedScore } from './zset-walk';

const SCORE_TEXT: usize = memory.data(32);

/** @param cursor - 0 begins. @returns the cursor of the next page; 0: that was all. */
export function writeZsetPage(root: usize, cursor: u32): u32 {
  if (isPacked(root)) {
    openWalk(root, 0, false);
    while (walk()) writePair(walkedAt, walkedLength, walkedScore);
    return 0;
  }
  const block = rootBlock(root);
  openItems(block, cursor);
  for (let item = nextItem(); item !== 0; item = nextItem()) {
    writePair(elementText(item), elementLength(item), elementScore(item));
  }
  return nextItems(block, cursor);
}

/** Each as u32 length and bytes. */
export function writePair(member: usize, length: u32, score: f64): void {
  writeU32(length);
  writeRaw(member, length);
  const size = <u32>(writeDouble(SCORE_TEXT, score) - SCORE_TEXT);
  writeU32(size);
  writeRaw(SCORE_TEXT, size);
}
