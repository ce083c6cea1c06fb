/**
 * Sorted sets by place: how many members come before a score or a member, and walks from a rank on,
 * in either direction.
 *
 * @see redis/redis 7.0.15 src/t_zset.c, zslFirstInRange(), zzlFirstInLexRange()
 */
import { compareBytes } from '../bytes';
import {
  firstPlace,
  nextPlace,
  placeAt,
  previousPlace,
  readText,
  textAt,
  textLength,
} from './listpack';
import { rootBlock } from './root';
import { elementLength, elementScore, elementText } from './scored';
import { countBelowScore, countBelowText, nextElement, previousElement, seekRank } from './sorted';
import { isPacked, treeOf } from './zset';
import { packScore, pairAt, pairLength, pairScore, readPair } from './zset-pack';

/** The member and score that the walk is at: until the next call of anything about sorted sets. */
export let walkedAt: usize = 0;
export let walkedLength: u32 = 0;
export let walkedScore: f64 = 0;

/**
 * @param isWith - members that have the score are counted as well.
 * @returns how many members have a lower score.
 */
export function countBelow(root: usize, score: f64, isWith: bool): u32 {
  if (!isPacked(root)) return countBelowScore(treeOf(root), score, isWith);
  let count: u32 = 0;
  for (let at = firstPlace(rootBlock(root)); at !== 0; at = nextPlace(nextPlace(at))) {
    const present = packScore(nextPlace(at));
    if (present > score || (present === score && !isWith)) break;
    count++;
  }
  return count;
}

/** The same by members, which all have the same score: those before a text, or with it. */
export function countBefore(root: usize, text: usize, length: u32, isWith: bool): u32 {
  if (!isPacked(root)) return countBelowText(treeOf(root), text, length, isWith);
  let count: u32 = 0;
  for (let at = firstPlace(rootBlock(root)); at !== 0; at = nextPlace(nextPlace(at))) {
    readText(at);
    const order = compareBytes(textAt, textLength, text, length);
    if (order > 0 || (order === 0 && !isWith)) break;
    count++;
  }
  return count;
}

let isPackWalk: bool = false;
let isBackwards: bool = false;
let pack: usize = 0;
/** The element to be read next; 0: there is none. */
let upcoming: usize = 0;

/** Begin to walk from a rank on, which there must be; the set must not change meanwhile. */
export function openWalk(root: usize, rank: u32, backwards: bool): void {
  isPackWalk = isPacked(root);
  isBackwards = backwards;
  pack = rootBlock(root);
  upcoming = isPackWalk ? placeAt(pack, <i32>(rank << 1)) : seekRank(treeOf(root), rank);
}

/** @returns whether there is another member. */
export function walk(): bool {
  if (upcoming === 0) return false;
  if (isPackWalk) walkPack();
  else {
    walkedAt = elementText(upcoming);
    walkedLength = elementLength(upcoming);
    walkedScore = elementScore(upcoming);
    upcoming = isBackwards ? previousElement() : nextElement();
  }
  return true;
}

function walkPack(): void {
  readPair(upcoming);
  walkedAt = pairAt;
  walkedLength = pairLength;
  walkedScore = pairScore;
  if (!isBackwards) upcoming = nextPlace(nextPlace(upcoming));
  else {
    const before = previousPlace(pack, upcoming);
    upcoming = before === 0 ? 0 : previousPlace(pack, before);
  }
}
