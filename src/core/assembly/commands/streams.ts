/**
 * XADD, XTRIM, XDEL, XSETID and XACK: what changes a stream, but for reading with groups.
 *
 * Rule of propagation: an id that the stream gives goes out as it is, and an approximate trim as
 * what it left: `=` with the new length, or with the id of the first entry.
 *
 * @see redis/redis 7.0.15 src/t_stream.c
 */
import { parsed, parseSigned } from '../bytes';
import { isBefore } from '../collections/id-map';
import {
  appendEntry,
  APPENDED,
  freeStream,
  lengthOf,
  newStream,
  setId,
  TOO_LARGE,
} from '../collections/stream';
import { acknowledge, findGroup } from '../collections/stream-groups';
import {
  BY_LENGTH,
  deleteEntry,
  entryMs,
  entrySeq,
  findEdge,
  findLast,
  refreshFirst,
} from '../collections/stream-walk';
import { noteEvent } from '../keyspace/events';
import { EVENT_XADD, EVENT_XTRIM } from '../layout';
import { arg, argc, argLength } from '../protocol/arguments';
import { isInline } from '../protocol/parser';
import { replyError, replyInteger, replyNull, replyOk } from '../protocol/reply';
import { addDirty, now } from '../state';
import {
  addBytes,
  addNumber,
  addRaw,
  addWord,
  beginCommand,
  beginRaw,
  endCommand,
} from '../stream/propagate';
import { propagateVerbatim } from './effects';
import { notAnInteger, outOfMemory, syntaxError, wrongArity } from './errors';
import { addId, idMs, idSeq, isWord, readStrictId, replyId } from './stream-ids';
import {
  findStream,
  isRefused,
  noteLength,
  signalStream,
  storeStream,
  streamToChange,
} from './stream-keys';
import {
  idAt,
  isApproximate,
  isIdGiven,
  isSequenceGiven,
  makesNoStream,
  readOptions,
  strategy,
  thresholdAt,
  trim,
} from './stream-options';
import { rawEnd, rawStart } from './window';
import { ADDED, DELETED_ID, FIRST_ID, LAST_ID } from '../collections/stream-layout';

/** The id that chooseId() chose. */
let addedMs: u64 = 0;
let addedSeq: u64 = 0;

/**
 * `XADD key [NOMKSTREAM] [MAXLEN | MINID [= | ~] threshold [LIMIT count]] * | id field value …`.
 */
export function xadd(): void {
  if (!readOptions(true)) return;
  const from = idAt + 1;
  if (argc < from + 2 || ((argc - from) & 1) !== 0) {
    wrongArity('xadd');
    return;
  }
  if (isIdGiven && isSequenceGiven && idMs === 0 && idSeq === 0) {
    replyError('-ERR The ID specified in XADD must be greater than 0-0');
    return;
  }
  let stream = streamToChange();
  if (isRefused) return;
  const isNew = stream === 0;
  if (isNew) {
    if (makesNoStream) {
      replyNull();
      return;
    }
    stream = newStream();
    if (stream === 0) {
      outOfMemory();
      return;
    }
  } else if (!chooseId(stream)) return;
  if (isNew) chooseId(stream);
  const outcome = appendEntry(stream, addedMs, addedSeq, from, (argc - from) >> 1);
  if (outcome !== APPENDED || (isNew && !storeStream(stream))) {
    if (isNew) freeStream(stream);
    if (outcome === TOO_LARGE) replyError('-ERR Elements are too large to be stored');
    else outOfMemory();
    return;
  }
  addDirty(1);
  noteEvent(EVENT_XADD, arg(1), argLength(1));
  if (strategy !== 0 && trim(stream) !== 0) noteEvent(EVENT_XTRIM, arg(1), argLength(1));
  noteLength();
  signalStream();
  replyId(addedMs, addedSeq);
  if (isIdGiven && isSequenceGiven && !isApproximate) propagateVerbatim();
  else propagateAdd(stream);
}

/** Choose the id of a new entry. @returns false: there is none; the error is written. */
function chooseId(stream: usize): bool {
  const lastMs = load<u64>(stream, LAST_ID);
  const lastSeq = load<u64>(stream, LAST_ID + 8);
  if (lastMs === u64.MAX_VALUE && lastSeq === u64.MAX_VALUE) {
    replyError('-ERR The stream has exhausted the last possible ID, unable to add more items');
    return false;
  }
  if (isIdGiven) {
    addedMs = idMs;
    addedSeq = idSeq;
    if (!isSequenceGiven && idMs === lastMs) {
      // Wrapped around it is not greater than the last one.
      addedSeq = lastSeq + 1;
    }
  } else if (<u64>now > lastMs) {
    addedMs = now;
    addedSeq = 0;
  } else {
    addedSeq = lastSeq + 1;
    addedMs = addedSeq === 0 ? lastMs + 1 : lastMs;
  }
  if (isBefore(lastMs, lastSeq, addedMs, addedSeq)) return true;
  replyError('-ERR The ID specified in XADD is equal or smaller than the target stream top item');
  return false;
}

function propagateAdd(stream: usize): void {
  if (!isApproximate && !isInline) {
    // All but the id as it came.
    const head = arg(idAt - 1) + argLength(idAt - 1) + 2;
    if (!beginRaw(rawStart, head)) return;
    addId(addedMs, addedSeq);
    addRaw(arg(idAt) + argLength(idAt) + 2, rawEnd);
    endCommand();
    return;
  }
  if (!beginCommand(argc)) return;
  for (let i: u32 = 0; i < argc; i++) {
    if (i === idAt) addId(addedMs, addedSeq);
    else if (!addThreshold(stream, i)) addBytes(arg(i), argLength(i));
  }
  endCommand();
}

/** An argument that an approximate trim changes. @returns false: it is none. */
function addThreshold(stream: usize, index: u32): bool {
  if (!isApproximate) return false;
  if (index === thresholdAt - 1) addWord('=');
  else if (index !== thresholdAt) return false;
  else if (strategy === BY_LENGTH) addNumber(lengthOf(stream));
  else {
    findEdge(stream);
    addId(entryMs, entrySeq);
  }
  return true;
}

/** `XTRIM key MAXLEN | MINID [= | ~] threshold [LIMIT count]`. */
export function xtrim(): void {
  if (!readOptions(false)) return;
  const stream = streamToChange();
  if (isRefused) return;
  const deleted = stream === 0 ? 0 : trim(stream);
  replyInteger(deleted);
  if (deleted === 0) return;
  noteLength();
  addDirty(<u32>deleted);
  if (!isApproximate) {
    propagateVerbatim();
    return;
  }
  if (!beginCommand(argc)) return;
  for (let i: u32 = 0; i < argc; i++) {
    if (!addThreshold(stream, i)) addBytes(arg(i), argLength(i));
  }
  endCommand();
}

/** `XDEL key id …`. */
export function xdel(): void {
  const stream = streamToChange();
  if (isRefused) return;
  if (stream === 0) {
    replyInteger(0);
    return;
  }
  // All or nothing, where an id is none.
  for (let i: u32 = 2; i < argc; i++) if (!readStrictId(i, 0, false)) return;
  let deleted: u32 = 0;
  let isFirst = false;
  for (let i: u32 = 2; i < argc; i++) {
    readStrictId(i, 0, false);
    if (!deleteEntry(stream, idMs, idSeq)) continue;
    deleted++;
    if (load<u64>(stream, FIRST_ID) === idMs && load<u64>(stream, FIRST_ID + 8) === idSeq) {
      isFirst = true;
    }
  }
  replyInteger(deleted);
  if (deleted === 0) return;
  if (isFirst || lengthOf(stream) === 0) refreshFirst(stream);
  noteLength();
  addDirty(deleted);
  propagateVerbatim();
}

/** What XSETID's options say: how many entries were added, -1: nothing; the greatest deleted id. */
let givenAdded: i64 = -1;
let givenDeletedMs: u64 = 0;
let givenDeletedSeq: u64 = 0;

/** `XSETID key id [ENTRIESADDED count] [MAXDELETEDID id]`. */
export function xsetid(): void {
  if (!readStrictId(2, 0, false)) return;
  const ms = idMs;
  const seq = idSeq;
  if (!readSetIdOptions(ms, seq)) return;
  const stream = streamToChange();
  if (isRefused) return;
  if (stream === 0) {
    replyError('-ERR no such key');
    return;
  }
  if (lengthOf(stream) !== 0) {
    if (findLast(stream) && isBefore(ms, seq, entryMs, entrySeq)) {
      replyError('-ERR The ID specified in XSETID is smaller than the target stream top item');
      return;
    }
    if (givenAdded !== -1 && lengthOf(stream) > <u64>givenAdded) {
      replyError(
        '-ERR The entries_added specified in XSETID is smaller than the target stream length',
      );
      return;
    }
  }
  setId(stream + LAST_ID, ms, seq);
  if (givenAdded !== -1) store<u64>(stream, givenAdded, ADDED);
  const isDeletedGiven = givenDeletedMs !== 0 || givenDeletedSeq !== 0;
  if (isDeletedGiven) setId(stream + DELETED_ID, givenDeletedMs, givenDeletedSeq);
  addDirty(1);
  propagateVerbatim();
  replyOk();
}

/** @param ms - of the id to be set, and `seq`. @returns false: an error is replied. */
function readSetIdOptions(ms: u64, seq: u64): bool {
  givenAdded = -1;
  givenDeletedMs = 0;
  givenDeletedSeq = 0;
  for (let i: u32 = 3; i < argc; i += 2) {
    const hasValue = i + 1 < argc;
    if (hasValue && isWord(i, 'ENTRIESADDED')) {
      if (!readAdded(i + 1)) return false;
    } else if (hasValue && isWord(i, 'MAXDELETEDID')) {
      if (!readStrictId(i + 1, 0, false)) return false;
      givenDeletedMs = idMs;
      givenDeletedSeq = idSeq;
      if (isBefore(ms, seq, idMs, idSeq)) {
        replyError(
          '-ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id',
        );
        return false;
      }
    } else {
      syntaxError();
      return false;
    }
  }
  return true;
}

function readAdded(index: u32): bool {
  if (!parseSigned(arg(index), argLength(index))) {
    notAnInteger();
    return false;
  }
  givenAdded = parsed;
  if (givenAdded >= 0) return true;
  replyError('-ERR entries_added must be positive');
  return false;
}

/** `XACK key group id …`. */
export function xack(): void {
  const found = findStream();
  if (isRefused) return;
  if (found === 0 || findGroup(found, arg(2), argLength(2)) === 0) {
    replyInteger(0);
    return;
  }
  for (let i: u32 = 3; i < argc; i++) if (!readStrictId(i, 0, false)) return;
  const stream = streamToChange();
  const group = findGroup(stream, arg(2), argLength(2));
  let count: u32 = 0;
  for (let i: u32 = 3; i < argc; i++) {
    readStrictId(i, 0, false);
    if (acknowledge(group, idMs, idSeq)) count++;
  }
  replyInteger(count);
  if (count === 0) return;
  addDirty(count);
  propagateVerbatim();
}
