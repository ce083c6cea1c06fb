/**
 * Commands about keys of any type.
 *
 * @see redis/redis 7.0.15 src/db.c
 */
import { equal } from '../bytes';
import { moveEntry } from '../keyspace/copy';
import { deleteFound, lookupUntouched, lookupWrite } from '../keyspace/database';
import { typeOf } from '../keyspace/entry';
import { noteEvent } from '../keyspace/events';
import {
  EVENT_NEW,
  EVENT_RENAME_FROM,
  EVENT_RENAME_TO,
  TYPE_HASH,
  TYPE_LIST,
  TYPE_SET,
  TYPE_STREAM,
  TYPE_STRING,
  TYPE_ZSET,
} from '../layout';
import { arg, argc, argLength } from '../protocol/arguments';
import { replyError, replyInteger, replyOk, replyStatus } from '../protocol/reply';
import { addDirty, database } from '../state';
import { propagateVerbatim } from './effects';
import { outOfMemory } from './errors';

/** DEL and UNLINK: the core frees a string in no time either way. */
export function del(): void {
  let deleted: u32 = 0;
  for (let i: u32 = 1; i < argc; i++) {
    const entry = lookupWrite(arg(i), argLength(i));
    if (entry === 0) continue;
    deleteFound(entry);
    deleted++;
  }
  if (deleted !== 0) {
    addDirty(deleted);
    propagateVerbatim();
  }
  replyInteger(deleted);
}

/** A key named twice counts twice. */
export function exists(): void {
  let found: u32 = 0;
  for (let i: u32 = 1; i < argc; i++) {
    if (lookupUntouched(arg(i), argLength(i)) !== 0) found++;
  }
  replyInteger(found);
}

export function rename(): void {
  if (give(false)) replyOk();
}

export function renamenx(): void {
  if (give(true)) replyInteger(1);
}

/**
 * Give what is at argument 1 the name in argument 2. What stood there is gone; or nothing is done
 * if it `mustBeFree`, and is not.
 *
 * @returns false: another reply is written.
 */
function give(mustBeFree: bool): bool {
  const entry = lookupWrite(arg(1), argLength(1));
  if (entry === 0) {
    replyError('-ERR no such key');
    return false;
  }
  const to = arg(2);
  const length = argLength(2);
  if (argLength(1) === length && equal(arg(1), to, length)) {
    if (mustBeFree) replyInteger(0);
    return !mustBeFree;
  }
  const isTaken = lookupWrite(to, length) !== 0;
  if (isTaken && mustBeFree) {
    replyInteger(0);
    return false;
  }
  if (!moveEntry(entry, database, to, length)) {
    outOfMemory();
    return false;
  }
  addDirty(1);
  propagateVerbatim();
  if (isTaken) noteEvent(EVENT_NEW, to, length); // In Redis it was deleted first.
  noteEvent(EVENT_RENAME_FROM, arg(1), argLength(1));
  noteEvent(EVENT_RENAME_TO, to, length);
  return true;
}

export function type(): void {
  const entry = lookupUntouched(arg(1), argLength(1));
  replyStatus(entry === 0 ? '+none' : typeName(typeOf(entry)));
}

function typeName(type: u32): string {
  switch (type) {
    case TYPE_STRING:
      return '+string';
    case TYPE_LIST:
      return '+list';
    case TYPE_SET:
      return '+set';
    case TYPE_ZSET:
      return '+zset';
    case TYPE_HASH:
      return '+hash';
    case TYPE_STREAM:
      return '+stream';
    default:
      return '+unknown';
  }
}
