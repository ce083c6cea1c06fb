/**
 * `LPOS`: where an element stands.
 *
 * @see redis/redis 7.0.15 src/t_list.c, lposCommand()
 */
import { parsed, parseSigned } from '../bytes';
import { backward, enterNode, firstNode, forward, lastNode } from '../collections/quicklist';
import { rootCount } from '../collections/root';
import { valueOf } from '../keyspace/entry';
import { TYPE_LIST } from '../layout';
import { arg, argc, argLength, argWord } from '../protocol/arguments';
import {
  closeArray,
  openArray,
  replyArray,
  replyError,
  replyInteger,
  replyNull,
} from '../protocol/reply';
import { noteSlow } from '../slow';
import { collectionToRead, REFUSED } from './collection';
import { notAnInteger, syntaxError } from './errors';
import { isArgument } from './list-changes';
import { MANY_ELEMENTS } from './lists';
import { COUNT, MAXLEN, RANK } from './words';

let rank: i64 = 0;
/** -1: not said. */
let wanted: i64 = 0;
/** 0: no limit. */
let maxLength: i64 = 0;

/** `LPOS key element [RANK rank] [COUNT num-matches] [MAXLEN len]` */
export function lpos(): void {
  if (!readOptions()) return;
  const entry = collectionToRead(TYPE_LIST, 1);
  if (entry === REFUSED) return;
  if (entry === 0) {
    if (wanted >= 0) replyArray(0);
    else replyNull();
    return;
  }
  search(valueOf(entry));
}

/** @returns false: an error is replied. */
function readOptions(): bool {
  rank = 1;
  wanted = -1;
  maxLength = 0;
  for (let i: u32 = 3; i < argc; i += 2) {
    const option = argWord(i);
    if ((option !== RANK && option !== COUNT && option !== MAXLEN) || i + 1 === argc) {
      syntaxError();
      return false;
    }
    const isNumber = parseSigned(arg(i + 1), argLength(i + 1));
    if (option === RANK) {
      if (!isNumber) notAnInteger();
      else if (parsed === 0) replyError(RANK_ZERO);
      else {
        rank = parsed;
        continue;
      }
      return false;
    }
    if (!isNumber || parsed < 0) {
      replyError(
        option === COUNT ? "-ERR COUNT can't be negative" : "-ERR MAXLEN can't be negative",
      );
      return false;
    }
    if (option === COUNT) wanted = parsed;
    else maxLength = parsed;
  }
  return true;
}

const RANK_ZERO =
  "-ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end of the list";

function search(root: usize): void {
  const count = rootCount(root);
  if (count > MANY_ELEMENTS) noteSlow();
  const isForward = rank > 0;
  // Redis turns the least rank around into itself, which no count of matches is below.
  let toSkip = rank === i64.MIN_VALUE ? 0 : <u64>(isForward ? rank : -rank) - 1;
  const array: u32 = wanted >= 0 ? openArray() : 0;
  let found: u32 = 0;
  let seen: u32 = 0;
  let isThere = enterNode(isForward ? firstNode(root) : lastNode(root), isForward);
  for (; isThere && (maxLength === 0 || <i64>seen < maxLength); seen++) {
    if (isArgument(2)) {
      if (toSkip !== 0) toSkip--;
      else {
        found++;
        replyInteger(isForward ? seen : count - 1 - seen);
        if (wanted < 0 || <i64>found === wanted) break;
      }
    }
    isThere = isForward ? forward() : backward();
  }
  if (wanted >= 0) closeArray(array, found);
  else if (found === 0) replyNull();
}
