/**
 * The stream at argument 1.
 *
 * No other thread reads streams, so their keys' stripes stay closed while they change.
 */
import { ENCODING_STREAM } from '../collections/layout';
import { rootBlock, setRoot, setRootCount } from '../collections/root';
import { lengthOf } from '../collections/stream';
import { hash } from '../hash';
import { touch } from '../keyspace/access';
import { awaited, noteReady } from '../keyspace/awaited';
import { closeChange, makeCollection } from '../keyspace/collections';
import { keyLength, keyOf, valueOf } from '../keyspace/entry';
import { TYPE_STREAM } from '../layout';
import { arg, argLength } from '../protocol/arguments';
import { beforeChange } from '../snapshot/snapshot';
import { table } from '../state';
import { collectionToRead, collectionToWrite, REFUSED } from './collection';

/** The key holds another type: the error is replied. */
export let isRefused: bool = false;

/** The entry of the stream that is being changed. */
let entry: usize = 0;

/** @returns the stream, to be read; 0: there is none, or isRefused. */
export function findStream(): usize {
  return streamOf(collectionToRead(TYPE_STREAM, 1));
}

/** @returns the stream, to be changed; 0: there is none, or isRefused. */
export function streamToChange(): usize {
  entry = collectionToWrite(TYPE_STREAM, 1);
  const stream = streamOf(entry);
  if (stream !== 0) openStream(entry);
  return stream;
}

function streamOf(found: usize): usize {
  isRefused = found === REFUSED;
  return found > REFUSED ? rootBlock(valueOf(found)) : 0;
}

/** A stream is about to change. */
export function openStream(found: usize): void {
  beforeChange(table, found);
  touch(found);
}

/** Put a new stream at argument 1, where nothing is. @returns false: memory is exhausted. */
export function storeStream(stream: usize): bool {
  entry = makeStream(arg(1), argLength(1), stream);
  return entry !== 0;
}

/** @returns the entry; 0: memory is exhausted. */
export function makeStream(key: usize, keySize: u32, stream: usize): usize {
  const made = makeCollection(TYPE_STREAM, key, keySize);
  if (made === 0) return 0;
  setRoot(valueOf(made), stream, <u32>lengthOf(stream), ENCODING_STREAM);
  closeChange(made);
  return made;
}

/** The stream that was changed has another length. */
export function noteLength(): void {
  const root = valueOf(entry);
  setRootCount(root, <u32>lengthOf(rootBlock(root)));
}

/** Clients blocked on the stream may have something to read. */
export function signalStream(): void {
  if (awaited === 0) return;
  noteReady(hash(keyOf(entry), keyLength(entry)), keyOf(entry), keyLength(entry));
}
