/**
 * Commands that change hashes, or read single fields of them.
 *
 * @see redis/redis 7.0.15 src/t_hash.c
 */
import { parsed, parseSigned, writeSigned } from '../bytes';
import {
  FIELD_NEW,
  findField,
  initHash,
  NO_MEMORY,
  putField,
  removeField,
  valueAt,
  valueLength,
} from '../collections/hash';
import { rootCount } from '../collections/root';
import { closeChange, makeCollection } from '../keyspace/collections';
import { valueOf } from '../keyspace/entry';
import { TYPE_HASH } from '../layout';
import { arg, argc, argLength } from '../protocol/arguments';
import {
  replyArray,
  replyBulk,
  replyError,
  replyInteger,
  replyNull,
  replyOk,
} from '../protocol/reply';
import { addDirty } from '../state';
import { collectionToChange, collectionToRead, propagateFirst, REFUSED } from './collection';
import { propagateVerbatim } from './effects';
import { notAnInteger, outOfMemory, wrongArity } from './errors';

/**
 * @returns the hash at argument 1, made if it is missing, open for a change; 0: an error is
 * replied.
 */
function hashToFill(): usize {
  let entry = collectionToChange(TYPE_HASH, 1);
  if (entry === REFUSED) return 0;
  if (entry !== 0) return entry;
  entry = makeCollection(TYPE_HASH, arg(1), argLength(1));
  if (entry !== 0 && initHash(valueOf(entry))) return entry;
  if (entry !== 0) closeChange(entry);
  outOfMemory();
  return 0;
}

export function hset(): void {
  setFields('hset');
}

export function hmset(): void {
  setFields('hmset');
}

function setFields(command: string): void {
  if ((argc & 1) !== 0) {
    wrongArity(command);
    return;
  }
  const entry = hashToFill();
  if (entry === 0) return;
  let added: u32 = 0;
  let at: u32 = 2;
  for (; at < argc; at += 2) {
    const next = at + 1;
    const result = putField(valueOf(entry), arg(at), argLength(at), arg(next), argLength(next));
    if (result === NO_MEMORY) break;
    if (result === FIELD_NEW) added++;
  }
  closeChange(entry);
  addDirty((at - 2) >> 1);
  if (at < argc) {
    if (at > 2) propagateFirst(at);
    outOfMemory();
    return;
  }
  propagateVerbatim();
  if (command.length === 4) replyInteger(added);
  else replyOk();
}

export function hsetnx(): void {
  const entry = hashToFill();
  if (entry === 0) return;
  if (findField(valueOf(entry), arg(2), argLength(2))) {
    closeChange(entry);
    replyInteger(0);
    return;
  }
  if (store1(entry, arg(3), argLength(3))) replyInteger(1);
}

/**
 * Store a value in the field that argument 2 names, and close the hash.
 * @returns false: OOM is replied.
 */
function store1(entry: usize, value: usize, size: u32): bool {
  const result = putField(valueOf(entry), arg(2), argLength(2), value, size);
  closeChange(entry);
  if (result === NO_MEMORY) {
    outOfMemory();
    return false;
  }
  addDirty(1);
  propagateVerbatim();
  return true;
}

const DIGITS: usize = memory.data(32);

export function hincrby(): void {
  if (!parseSigned(arg(3), argLength(3))) {
    notAnInteger();
    return;
  }
  const by = parsed;
  const entry = hashToFill();
  if (entry === 0) return;
  let value: i64 = 0;
  if (findField(valueOf(entry), arg(2), argLength(2))) {
    if (!parseSigned(valueAt, valueLength)) {
      closeChange(entry);
      replyError('-ERR hash value is not an integer');
      return;
    }
    value = parsed;
  }
  if (by < 0 ? value < i64.MIN_VALUE - by : value > i64.MAX_VALUE - by) {
    closeChange(entry);
    replyError('-ERR increment or decrement would overflow');
    return;
  }
  value += by;
  if (store1(entry, DIGITS, <u32>(writeSigned(DIGITS, value) - DIGITS))) replyInteger(value);
}

export function hdel(): void {
  const entry = collectionToChange(TYPE_HASH, 1);
  if (entry === REFUSED) return;
  let deleted: u32 = 0;
  if (entry !== 0) {
    const root = valueOf(entry);
    for (let i: u32 = 2; i < argc && rootCount(root) !== 0; i++) {
      if (removeField(root, arg(i), argLength(i))) deleted++;
    }
    closeChange(entry);
  }
  if (deleted !== 0) {
    addDirty(deleted);
    propagateVerbatim();
  }
  replyInteger(deleted);
}

export function hget(): void {
  const entry = collectionToRead(TYPE_HASH, 1);
  if (entry !== REFUSED) replyField(entry, 2);
}

/** Reply with the value of the field that an argument names. @param entry - 0: there is no hash. */
function replyField(entry: usize, index: u32): void {
  if (entry !== 0 && findField(valueOf(entry), arg(index), argLength(index))) {
    replyBulk(valueAt, valueLength);
  } else replyNull();
}

export function hmget(): void {
  const entry = collectionToRead(TYPE_HASH, 1);
  if (entry === REFUSED) return;
  replyArray(argc - 2);
  for (let i: u32 = 2; i < argc; i++) replyField(entry, i);
}

export function hlen(): void {
  const entry = collectionToRead(TYPE_HASH, 1);
  if (entry !== REFUSED) replyInteger(entry === 0 ? 0 : rootCount(valueOf(entry)));
}

export function hexists(): void {
  const entry = collectionToRead(TYPE_HASH, 1);
  if (entry === REFUSED) return;
  replyInteger(entry !== 0 && findField(valueOf(entry), arg(2), argLength(2)) ? 1 : 0);
}

export function hstrlen(): void {
  const entry = collectionToRead(TYPE_HASH, 1);
  if (entry === REFUSED) return;
  const isThere = entry !== 0 && findField(valueOf(entry), arg(2), argLength(2));
  replyInteger(isThere ? valueLength : 0);
}
