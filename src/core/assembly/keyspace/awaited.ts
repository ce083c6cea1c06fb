/**
 * Keys that clients are blocked on (BLPOP, BZPOPMIN, XREAD…): what becomes of one is noted for the
 * host, which then serves its clients before any other command runs.
 *
 * Rule: a key that some client is blocked on is noted when it is made, as whatever type but a
 * string, when something is added to a stream, and when a stream goes. The call ends with the
 * command that did it (dispatch.ts), but within a transaction, whose end the clients wait for.
 *
 * The core knows awaited keys by a counting filter over their hashes. One that only shares its
 * place is noted too: the host looks for clients and finds none. While no client is blocked this
 * costs one test where a key is made.
 *
 * @see redis/redis 7.0.15 src/blocked.c, signalKeyAsReady()
 */
import { hash } from '../hash';
import { READY_ALL, READY_LEN, READY_PTR } from '../layout';
import { database, databases } from '../state';
import { noteKey } from './events';

const PLACES: u32 = 2048;
const FILTER: usize = memory.data(2048 * 4);

/** How many keys are awaited, each as often as it was said. */
export let awaited: u32 = 0;

function placeOf(hashed: u64): usize {
  return FILTER + ((<usize>hashed & (PLACES - 1)) << 2);
}

/**
 * A client is blocked on the key, in whatever database.
 *
 * @returns its place in the filter, for forgetAwaited().
 */
export function awaitKey(key: usize, length: u32): u32 {
  const at = placeOf(hash(key, length));
  store<u32>(at, load<u32>(at) + 1);
  awaited++;
  return <u32>at;
}

/** It is no more: once for each awaitKey(), with what that returned. */
export function forgetAwaited(place: u32): void {
  const present = load<u32>(place);
  assert(present !== 0, 'a key was awaited less often than that');
  store<u32>(place, present - 1);
  awaited--;
}

/** Something became of a key of the current database; to be asked for while `awaited` is not 0. */
export function noteReady(hashed: u64, key: usize, length: u32): void {
  if (load<u32>(placeOf(hashed)) === 0) return;
  if (database >= databases) return; // An incoming one, which serves no one yet.
  // Unlike other notes it must not be lost, or a client would wait for ever.
  if (!noteKey(READY_PTR, READY_LEN, 0, key, length)) store<u32>(READY_ALL, 1);
}

/** Whether the host has to serve clients. @inline */
export function hasReady(): bool {
  return (load<u32>(READY_LEN) | load<u32>(READY_ALL)) !== 0;
}
