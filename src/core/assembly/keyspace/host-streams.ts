/**
 * Streams at keys, for the host's commands: looked up for a change, made, and signalled to clients
 * that are blocked on them. What is in them is collections/stream-host.ts'.
 */
import { rootBlock } from '../collections/root';
import { freeStream, newStream } from '../collections/stream';
import { makeStream, openStream } from '../commands/stream-keys';
import { hash } from '../hash';
import { begin } from '../state';
import { awaited, noteReady } from './awaited';
import { lookupWrite } from './database';
import { valueOf } from './entry';

/** @returns the stream of an entry that holds one. */
export function streamAt(entry: usize): usize {
  return rootBlock(valueOf(entry));
}

/** @returns the stream at a key that holds one, about to change; 0: there is no such key. */
export function changeStream(database: i32, flags: u32, key: usize, length: u32): usize {
  begin(flags, database);
  const entry = lookupWrite(key, length);
  if (entry === 0) return 0;
  openStream(entry);
  return rootBlock(valueOf(entry));
}

/** @returns an empty stream at a key that is missing; 0: memory is exhausted. */
export function createStream(database: i32, flags: u32, key: usize, length: u32): usize {
  begin(flags, database);
  const stream = newStream();
  if (stream === 0) return 0;
  if (makeStream(key, length, stream) !== 0) return stream;
  freeStream(stream);
  return 0;
}

/** Clients blocked on a stream are to look at it again. */
export function signalStream(database: i32, flags: u32, key: usize, length: u32): void {
  begin(flags, database);
  if (awaited !== 0) noteReady(hash(key, length), key, length);
}
