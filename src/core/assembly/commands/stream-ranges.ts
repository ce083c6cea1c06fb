/**
 * XLEN, XRANGE and XREVRANGE.
 *
 * @see redis/redis 7.0.15 src/t_stream.c, xrangeGenericCommand(), streamReplyWithRange()
 */
import { parsed, parseSigned, word } from '../bytes';
import {
  entryFields,
  entryMs,
  entrySeq,
  nextPart,
  openParts,
  startWalk,
  walk,
} from '../collections/stream-walk';
import { lengthOf } from '../collections/stream';
import { textAt, textLength } from '../collections/listpack';
import { arg, argc, argLength, argWord } from '../protocol/arguments';
import {
  closeArray,
  openArray,
  replyArray,
  replyBulk,
  replyInteger,
  replyNullArray,
} from '../protocol/reply';
import { notAnInteger, syntaxError } from './errors';
import { idMs, idSeq, readEnd, replyId } from './stream-ids';
import { findStream, isRefused } from './stream-keys';

const COUNT: u64 = word('COUNT');

export function xlen(): void {
  const stream = findStream();
  if (!isRefused) replyInteger(stream === 0 ? 0 : lengthOf(stream));
}

export function xrange(): void {
  replyRange(false);
}

export function xrevrange(): void {
  replyRange(true);
}

function replyRange(isReverse: bool): void {
  const startAt: u32 = isReverse ? 3 : 2;
  if (!readEnd(startAt, true)) return;
  const ms = idMs;
  const seq = idSeq;
  if (!readEnd(5 - startAt, false)) return;
  const lastMs = idMs;
  const lastSeq = idSeq;
  let count: i64 = -1;
  for (let i: u32 = 4; i < argc; i += 2) {
    if (i + 1 === argc || argWord(i) !== COUNT) {
      syntaxError();
      return;
    }
    if (!parseSigned(arg(i + 1), argLength(i + 1))) {
      notAnInteger();
      return;
    }
    count = max<i64>(parsed, 0);
  }
  const stream = findStream();
  if (isRefused) return;
  if (stream === 0) {
    replyArray(0);
    return;
  }
  if (count === 0) {
    replyNullArray();
    return;
  }
  startWalk(stream, ms, seq, lastMs, lastSeq, isReverse);
  const begun = openArray();
  let entries: u32 = 0;
  while (count-- !== 0 && walk()) {
    replyEntry();
    entries++;
  }
  closeArray(begun, entries);
}

/** Reply with the entry that the walk has come to: its id, its fields and values. */
export function replyEntry(): void {
  replyArray(2);
  replyId(entryMs, entrySeq);
  replyArray(entryFields * 2);
  openParts();
  while (nextPart()) replyBulk(textAt, textLength);
}
