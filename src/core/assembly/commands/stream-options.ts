/**
 * The options of XADD and XTRIM: which entries go.
 *
 * @see redis/redis 7.0.15 src/t_stream.c, streamParseAddOrTrimArgsOrReply()
 */
import { parsed, parseSigned, word } from '../bytes';
import { BY_ID, BY_LENGTH, trimStream } from '../collections/stream-walk';
import { STREAM_NODE_MAX_ENTRIES } from '../collections/layout';
import { arg, argc, argLength, argWord } from '../protocol/arguments';
import { replyError } from '../protocol/reply';
import { applying } from '../state';
import { notAnInteger, syntaxError } from './errors';
import { idMs, idSeq, isOpen, isWord, readStrictId } from './stream-ids';

const MAXLEN: u64 = word('MAXLEN');
const MINID: u64 = word('MINID');
const LIMIT: u64 = word('LIMIT');

/** BY_LENGTH, BY_ID; 0: nothing is trimmed. Where the length or id stands. */
export let strategy: u32 = 0;
export let thresholdAt: u32 = 0;
export let isApproximate: bool = false;
let limit: i64 = 0;
let mostEntries: i64 = 0;
let leastMs: u64 = 0;
let leastSeq: u64 = 0;

/** XADD's: where the id stands; whether it is given, and its sequence. */
export let idAt: u32 = 0;
export let isIdGiven: bool = false;
export let isSequenceGiven: bool = false;
export let makesNoStream: bool = false;

/** @returns false: the error is written. */
export function readOptions(isAdd: bool): bool {
  strategy = 0;
  isApproximate = false;
  limit = 0;
  idAt = 0;
  isIdGiven = false;
  isSequenceGiven = false;
  makesNoStream = false;
  let isLimited = false;
  let i: u32 = 2;
  for (; i < argc; i++) {
    const more = argc - 1 - i;
    const option = argWord(i);
    if (isAdd && isCharacter(i, 0x2a)) break;
    if (more !== 0 && (option === MAXLEN || option === MINID)) {
      i = readThreshold(i, option === MAXLEN);
      if (i === 0) return false;
    } else if (more !== 0 && option === LIMIT) {
      if (!readCount(++i, '-ERR The LIMIT argument must be >= 0.')) return false;
      limit = parsed;
      isLimited = true;
    } else if (isAdd && isWord(i, 'NOMKSTREAM')) makesNoStream = true;
    else if (isAdd) {
      if (!readStrictId(i, 0, true)) return false;
      isIdGiven = true;
      isSequenceGiven = !isOpen;
      break;
    } else {
      syntaxError();
      return false;
    }
  }
  idAt = i;
  return checkOptions(isAdd, isLimited);
}

/** @returns the last argument read; 0: the error is written. */
function readThreshold(i: u32, isLength: bool): u32 {
  if (strategy !== 0) {
    replyError('-ERR syntax error, MAXLEN and MINID options at the same time are not compatible');
    return 0;
  }
  isApproximate = false;
  if (argc - 1 - i >= 2) {
    if (isCharacter(i + 1, 0x7e)) {
      isApproximate = true;
      i++;
    } else if (isCharacter(i + 1, 0x3d)) i++;
  }
  i++;
  if (isLength) {
    if (!readCount(i, '-ERR The MAXLEN argument must be >= 0.')) return 0;
    mostEntries = parsed;
  } else {
    if (!readStrictId(i, 0, false)) return 0;
    leastMs = idMs;
    leastSeq = idSeq;
  }
  strategy = isLength ? BY_LENGTH : BY_ID;
  thresholdAt = i;
  return i;
}

function checkOptions(isAdd: bool, isLimited: bool): bool {
  if (strategy === 0 && limit !== 0) {
    replyError('-ERR syntax error, LIMIT cannot be used without specifying a trimming strategy');
    return false;
  }
  if (strategy === 0 && !isAdd) {
    replyError('-ERR syntax error, XTRIM must be called with a trimming strategy');
    return false;
  }
  if (applying) limit = 0;
  else if (isLimited) {
    if (!isApproximate) {
      replyError('-ERR syntax error, LIMIT cannot be used without the special ~ option');
      return false;
    }
  } else if (isApproximate) {
    limit = 100 * <i64>load<u32>(STREAM_NODE_MAX_ENTRIES);
    if (limit <= 0) limit = 10000;
    limit = min<i64>(limit, 1000000);
  } else limit = 0;
  return true;
}

/** Read a number into `parsed`. @param negative - the error if it is. */
function readCount(index: u32, negative: string): bool {
  if (!parseSigned(arg(index), argLength(index))) {
    notAnInteger();
    return false;
  }
  if (parsed >= 0) return true;
  replyError(negative);
  return false;
}

function isCharacter(index: u32, character: u8): bool {
  return argLength(index) === 1 && load<u8>(arg(index)) === character;
}

/** Trim as the options say. @returns how many entries have gone. */
export function trim(stream: usize): u64 {
  return trimStream(stream, strategy, mostEntries, leastMs, leastSeq, isApproximate, limit);
}
