/**
 * What commands on collections share: looking a key up as a type, and telling replicas of what was
 * done.
 *
 * A command that writes goes
 *
 *   let entry = collectionToChange(TYPE_X, 1);
 *   if (entry === REFUSED) return;
 *   if (entry === 0) entry = makeCollection(TYPE_X, arg(1), argLength(1));
 *   …change what valueOf(entry) leads to…
 *   closeChange(entry);
 *   addDirty(changes); propagateVerbatim(); reply…
 *
 * @see redis/redis 7.0.15 src/object.c, checkType()
 */
import { typeOf } from '../keyspace/entry';
import { openChange } from '../keyspace/collections';
import { lookupRead, lookupWrite } from '../keyspace/database';
import { arg, argLength } from '../protocol/arguments';
import { addBytes, beginCommand, endCommand } from '../stream/propagate';
import { wrongType } from './errors';

/** In place of an entry: the key holds another type, and the error is replied. */
export const REFUSED: usize = 1;

/** @returns the entry of a key named by an argument, to be read; 0: there is none; or REFUSED. */
export function collectionToRead(type: u32, index: u32): usize {
  return checked(lookupRead(arg(index), argLength(index)), type);
}

/**
 * @returns the entry of a key named by an argument, open for a change (keyspace/collections.ts); 0:
 * there is none; or REFUSED.
 */
export function collectionToChange(type: u32, index: u32): usize {
  const entry = checked(lookupWrite(arg(index), argLength(index)), type);
  if (entry > REFUSED) openChange(entry);
  return entry;
}

/** The same, but the caller says openChange() once it knows that it will change something. */
export function collectionToWrite(type: u32, index: u32): usize {
  return checked(lookupWrite(arg(index), argLength(index)), type);
}

function checked(entry: usize, type: u32): usize {
  if (entry === 0 || typeOf(entry) === type) return entry;
  wrongType();
  return REFUSED;
}

/**
 * Memory ended half-way: replicas get the command with its first arguments alone, as far as it
 * came.
 */
export function propagateFirst(count: u32): void {
  if (!beginCommand(count)) return;
  for (let i: u32 = 0; i < count; i++) addBytes(arg(i), argLength(i));
  endCommand();
}
