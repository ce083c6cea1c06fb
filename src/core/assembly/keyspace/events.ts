/**
 * Events of keys that only the core sees, for keyspace notifications: a queue that the host
 * empties.
 *
 * While none is wanted (NOTED_EVENTS is 0) an event costs one load. Nothing depends on them, so
 * one for which there is no memory is lost.
 */
import { allocate, blockSize, reallocate, release } from '../allocator/slabs';
import { copy } from '../bytes';
import { EVENTS_LEN, EVENTS_PTR, NOTED_EVENTS } from '../layout';
import { database } from '../state';

const HEADER: u32 = 12;
/** A new queue's bytes: few, for they come on top of `maxmemory`. */
const FIRST: u32 = 1024;
/** A queue that has become longer is given back once it is empty. */
const SHORT: u32 = 64 * 1024;

/** Set while a snapshot is loaded: what that does to keys is no event. */
let isSilent: bool = false;

export function silenceEvents(whether: bool): void {
  isSilent = whether;
}

/**
 * Bytes of the queue. For the memory limit they do not count: what evicting a key notes would make
 * the next one go, and so on to the last; and the host empties it before the next command.
 */
export function notedBytes(): u32 {
  const queue: usize = load<u32>(EVENTS_PTR);
  return queue === 0 ? 0 : blockSize(queue);
}

/** Something has happened to a key of the current database. */
export function noteEvent(event: u32, key: usize, length: u32): void {
  if ((load<u32>(NOTED_EVENTS) & event) === 0 || isSilent) return;
  noteKey(EVENTS_PTR, EVENTS_LEN, event, key, length);
}

/**
 * Put a key of the current database into a queue for the host.
 *
 * @param pointer - the registers that say where the queue is, and how long.
 * @returns false: there is no memory for it.
 */
export function noteKey(pointer: usize, used: usize, event: u32, key: usize, length: u32): bool {
  const before = load<u32>(used);
  // The next note's numbers are aligned.
  const needed = (<u64>before + HEADER + length + 3) & ~3;
  if (needed > 0x40000000) return false;
  let queue: usize = load<u32>(pointer);
  if (before === 0 && queue !== 0 && blockSize(queue) > SHORT && needed <= SHORT) {
    release(queue);
    queue = 0;
    store<u32>(pointer, 0);
  }
  if (queue === 0) queue = allocate(max<u32>(<u32>needed, FIRST));
  else if (needed > blockSize(queue)) queue = reallocate(queue, before, <u32>(needed << 1));
  if (queue === 0) return false;
  store<u32>(pointer, <u32>queue);
  const at = queue + before;
  store<u32>(at, event);
  store<u32>(at, database, 4);
  store<u32>(at, length, 8);
  copy(at + HEADER, key, length);
  store<u32>(used, <u32>needed);
  return true;
}
