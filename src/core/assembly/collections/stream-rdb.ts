/**
 * Loading streams from RDB (stream-save.ts has the other way): of Redis 7 (19) and of older ones
 * (15), which lack the first id, the greatest deleted one, and the counts of entries.
 *
 * Rule: untrusted nodes are checked element by element before they are taken, so that whoever
 * walks over a stream may trust them; what is pending is with one consumer, which has been named.
 *
 * @see redis/redis 7.0.15 src/rdb.c, rdbLoadObject(); src/t_stream.c,
 *   streamValidateListpackIntegrity()
 */
import { LOAD_CORRUPT, LOAD_OUT_OF_MEMORY } from '../layout';
import {
  dropText,
  has,
  length,
  moveReader,
  readAt,
  readCount,
  readString,
  takeText,
  text,
  textLength,
} from '../snapshot/reader';
import {
  entriesOf,
  entryIn,
  findId,
  idCount,
  insertId,
  leafAt,
  leafCount,
  removeId,
} from './id-map';
import { ENCODING_STREAM } from './layout';
import { isNode } from './stream-check';
import { exchange, LOAD_DONE, LOAD_GOES_ON, LOAD_STOPPED, stop } from './load-status';
import { rootBlock, rootEncoding, setRoot, setRootCount } from './root';
import { lengthOf, newStream, NODE_PACK, nodesOf } from './stream';
import { addConsumer, addGroup, findConsumer, findGroup } from './stream-groups';
import { distanceFromFirst, refreshFirst } from './stream-walk';
import {
  ADDED,
  DELETED_ID,
  DELIVERED_AT,
  DELIVERIES,
  FIRST_ID,
  GROUP_LAST,
  GROUP_READ,
  LAST_ID,
  LENGTH,
  OWNER,
  PENDING,
} from './stream-layout';

export const RDB_STREAM: u8 = 15;
export const RDB_STREAM_2: u8 = 19;

/** What comes next in a stream that is being loaded. */
const NODE: u32 = 0;
const FACTS: u32 = 1;
const GROUP: u32 = 2;
const GROUP_ENTRY: u32 = 3;
const CONSUMERS: u32 = 4;
const CONSUMER: u32 = 5;
const CONSUMER_ENTRY: u32 = 6;

let part: u32 = 0;
let isOld: bool = false;
let nodesLeft: u64 = 0;
let groupsLeft: u64 = 0;
let consumersLeft: u64 = 0;
let entriesLeft: u64 = 0;
let group: usize = 0;
let consumer: usize = 0;

/** @see exchangeProgress */
export function exchangeStreamProgress(at: usize): void {
  part = <u32>exchange(at, part);
  isOld = exchange(at + 8, isOld ? 1 : 0) !== 0;
  nodesLeft = exchange(at + 16, nodesLeft);
  groupsLeft = exchange(at + 24, groupsLeft);
  consumersLeft = exchange(at + 32, consumersLeft);
  entriesLeft = exchange(at + 40, entriesLeft);
  group = <usize>exchange(at + 48, group);
  consumer = <usize>exchange(at + 56, consumer);
}

const NAME_TEXT: usize = memory.data(24);

/** Load what comes next. @param root - leads to nothing at first. @returns LOAD_… */
export function loadStream(rdbType: u8, root: usize): i32 {
  if (rootEncoding(root) === 0) {
    if (!readCount()) return LOAD_STOPPED;
    nodesLeft = length;
    const made = newStream();
    if (made === 0) return stop(LOAD_OUT_OF_MEMORY);
    setRoot(root, made, 0, ENCODING_STREAM);
    isOld = rdbType === RDB_STREAM;
    part = nodesLeft === 0 ? FACTS : NODE;
    return LOAD_GOES_ON;
  }
  const stream = rootBlock(root);
  switch (part) {
    case NODE:
      return loadNode(stream);
    case FACTS: {
      const status = loadFacts(stream);
      setRootCount(root, <u32>lengthOf(stream));
      return status;
    }
    case GROUP:
      return loadGroup(stream);
    case GROUP_ENTRY:
      return loadGroupEntry();
    case CONSUMERS:
      if (!readCount()) return LOAD_STOPPED;
      consumersLeft = length;
      return behindConsumer();
    case CONSUMER:
      return loadConsumer();
    default:
      return loadConsumerEntry();
  }
}

function loadNode(stream: usize): i32 {
  if (!readString(NAME_TEXT)) return LOAD_STOPPED;
  const isId = textLength === 16;
  const ms = bswap<u64>(load<u64>(text));
  const seq = bswap<u64>(load<u64>(text, 8));
  dropText();
  if (!isId) return stop(LOAD_CORRUPT);
  if (!readString(NAME_TEXT)) return LOAD_STOPPED;
  const nodes = nodesOf(stream);
  if (!isNode(text, textLength) || findId(nodes, ms, seq) !== 0) {
    dropText();
    return stop(LOAD_CORRUPT);
  }
  const node = insertId(nodes, ms, seq);
  if (node === 0) {
    dropText();
    return stop(LOAD_OUT_OF_MEMORY);
  }
  const pack = takeText();
  if (pack === 0) {
    removeId(nodes, ms, seq);
    return stop(LOAD_OUT_OF_MEMORY);
  }
  store<u32>(node, <u32>pack, NODE_PACK);
  if (--nodesLeft === 0) part = FACTS;
  return LOAD_GOES_ON;
}

function loadFacts(stream: usize): i32 {
  if (!readNumber(stream + LENGTH)) return LOAD_STOPPED;
  const end: usize = isOld ? FIRST_ID : ADDED + 8;
  for (let at: usize = LAST_ID; at < end; at += 8) {
    if (!readNumber(stream + at)) return LOAD_STOPPED;
  }
  if (!readCount()) return LOAD_STOPPED;
  groupsLeft = length;
  if (lengthOf(stream) !== 0 && idCount(nodesOf(stream)) === 0) return stop(LOAD_CORRUPT);
  if (isOld) {
    store<u64>(stream, 0, DELETED_ID);
    store<u64>(stream, 0, DELETED_ID + 8);
    store<u64>(stream, lengthOf(stream), ADDED);
    refreshFirst(stream);
  }
  return nextGroup();
}

function readNumber(to: usize): bool {
  if (!readCount()) return false;
  store<u64>(to, length);
  return true;
}

function nextGroup(): i32 {
  if (groupsLeft === 0) return LOAD_DONE;
  groupsLeft--;
  part = GROUP;
  return LOAD_GOES_ON;
}

function loadGroup(stream: usize): i32 {
  if (!readString(NAME_TEXT)) return LOAD_STOPPED;
  // What follows is read before the group is made: this step may be taken again.
  const name = text;
  const size = textLength;
  if (!readGroupFacts()) {
    dropText();
    return LOAD_STOPPED;
  }
  if (findGroup(stream, name, size) !== 0) {
    dropText();
    return stop(LOAD_CORRUPT);
  }
  group = addGroup(stream, name, size);
  dropText();
  if (group === 0) return stop(LOAD_OUT_OF_MEMORY);
  store<u64>(group, lastMs, GROUP_LAST);
  store<u64>(group, lastSeq, GROUP_LAST + 8);
  const read = isOld ? distanceFromFirst(stream, lastMs, lastSeq) : <i64>entriesRead;
  store<i64>(group, read, GROUP_READ);
  part = entriesLeft === 0 ? CONSUMERS : GROUP_ENTRY;
  return LOAD_GOES_ON;
}

let lastMs: u64 = 0;
let lastSeq: u64 = 0;
let entriesRead: u64 = 0;

/** @returns false: not all of them are there. */
function readGroupFacts(): bool {
  if (!readCount()) return false;
  lastMs = length;
  if (!readCount()) return false;
  lastSeq = length;
  if (!isOld) {
    if (!readCount()) return false;
    entriesRead = length;
  }
  if (!readCount()) return false;
  entriesLeft = length;
  return true;
}

let idMs: u64 = 0;
let idSeq: u64 = 0;

/** @returns false: it is not there. */
function readId(): bool {
  if (!has(16)) return false;
  idMs = bswap<u64>(load<u64>(readAt));
  idSeq = bswap<u64>(load<u64>(readAt, 8));
  moveReader(readAt + 16);
  return true;
}

function loadGroupEntry(): i32 {
  if (!readId() || !has(8)) return LOAD_STOPPED;
  const deliveredAt = load<i64>(readAt);
  moveReader(readAt + 8);
  if (!readCount()) return LOAD_STOPPED;
  const pending: usize = load<u32>(group, PENDING);
  if (findId(pending, idMs, idSeq) !== 0) return stop(LOAD_CORRUPT);
  const entry = insertId(pending, idMs, idSeq);
  if (entry === 0) return stop(LOAD_OUT_OF_MEMORY);
  store<i64>(entry, deliveredAt, DELIVERED_AT);
  store<u64>(entry, length, DELIVERIES);
  if (--entriesLeft === 0) part = CONSUMERS;
  return LOAD_GOES_ON;
}

function loadConsumer(): i32 {
  if (!readString(NAME_TEXT)) return LOAD_STOPPED;
  const name = text;
  const size = textLength;
  if (!has(8)) {
    dropText();
    return LOAD_STOPPED;
  }
  const seenAt = load<i64>(readAt);
  moveReader(readAt + 8);
  if (!readCount()) {
    dropText();
    return LOAD_STOPPED;
  }
  entriesLeft = length;
  const isNew = findConsumer(group, name, size) === 0;
  consumer = isNew ? addConsumer(group, name, size, seenAt) : 0;
  dropText();
  if (!isNew) return stop(LOAD_CORRUPT);
  if (consumer === 0) return stop(LOAD_OUT_OF_MEMORY);
  consumersLeft--;
  if (entriesLeft === 0) return behindConsumer();
  part = CONSUMER_ENTRY;
  return LOAD_GOES_ON;
}

function loadConsumerEntry(): i32 {
  if (!readId()) return LOAD_STOPPED;
  const entry = findId(load<u32>(group, PENDING), idMs, idSeq);
  if (entry === 0 || load<u32>(entry, OWNER) !== 0) return stop(LOAD_CORRUPT);
  if (insertId(load<u32>(consumer, PENDING), idMs, idSeq) === 0) return stop(LOAD_OUT_OF_MEMORY);
  store<u32>(entry, <u32>consumer, OWNER);
  return --entriesLeft === 0 ? behindConsumer() : LOAD_GOES_ON;
}

function behindConsumer(): i32 {
  if (consumersLeft !== 0) {
    part = CONSUMER;
    return LOAD_GOES_ON;
  }
  const pending: usize = load<u32>(group, PENDING);
  const leaves = leafCount(pending);
  for (let i: u32 = 0; i < leaves; i++) {
    const leaf = leafAt(pending, i);
    const count = entriesOf(leaf);
    for (let j: u32 = 0; j < count; j++) {
      if (load<u32>(entryIn(pending, leaf, j), OWNER) === 0) return stop(LOAD_CORRUPT);
    }
  }
  return nextGroup();
}
