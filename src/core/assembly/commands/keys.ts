/**
 * Commands about keys of any type.
 *
 * @see redis/redis 7.0.15 src/db.c
 */
import { typeOf } from '../keyspace/entry';
import { deleteFound, lookupUntouched, lookupWrite } from '../keyspace/database';
import { TYPE_HASH, TYPE_LIST, TYPE_SET, TYPE_STREAM, TYPE_STRING, TYPE_ZSET } from '../layout';
import { arg, argc, argLength } from '../protocol/arguments';
import { replyInteger, replyStatus } from '../protocol/reply';
import { addDirty } from '../state';
import { propagateVerbatim } from './effects';

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
