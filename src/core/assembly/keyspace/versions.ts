/**
 * The writer's half of the seqlock under which other threads read keys (keyspace/shared-reader.ts
 * has the reader's).
 *
 * Rule: whatever a reader may look at changes only while a version word is odd. A change of one
 * key's bytes, entry or chain of buckets opens the key's stripe; a change of where tables,
 * directories or segments lie, or of what stripe a hash belongs to, opens STRUCTURE. Blocks may be
 * freed after the word is even again, for nothing leads to them any more; a reader who was led
 * there before finds the word changed. A thread that dies in the midst of a change leaves the word
 * odd for ever, and readers go to another node's memory: there is no lock to be released.
 *
 * All hashes of one chain, and of the two chains that a split or a merge works on, share their low
 * bits, as far as the table's lowMask goes. A stripe is therefore the hash's bits under lowMask,
 * eleven at the most; when a small table's lowMask changes, STRUCTURE does.
 *
 * At most one stripe is open at a time: opening another closes it, so a change that leads to a
 * second one (a key's insertion to a split) must be complete by then.
 *
 * A word is raised by an exchange, for the plain stores behind it must not be seen before it (see
 * stream/ring.ts), at the price of two locked instructions a change. They are spent only once
 * a thread reads (in the debug build always): begin() looks at READERS, follows it, and says so in
 * READERS_SEEN, before which no reader may rely on the words.
 */
import { READERS, READERS_SEEN, STRIPES, STRUCTURE, VERSIONS } from '../layout';
import { hash } from '../hash';
import { keyLength, keyOf } from './entry';

const STRIPE_MASK: u32 = STRIPES - 1;

/** Whether any thread reads. */
let isRead: bool = false;
/** The stripe's word that is odd; 0: none is. */
let opened: usize = 0;
/** How many changes of the structure are under way, one within the other. */
let depth: u32 = 0;

/**
 * At the beginning of every call: nothing is left open, and readers who have come are known.
 * @inline
 */
export function beginVersions(): void {
  assert(depth === 0, 'a change of the structure was left open');
  if (opened !== 0) lower();
  if (<u32>isRead !== load<u32>(READERS)) followReaders();
}

function followReaders(): void {
  isRead = true;
  atomic.store<u32>(READERS_SEEN, 1);
}

/** What belongs to the hash is about to change. @inline */
export function openStripe(lowMask: u32, hashed: u64): void {
  if (CHECKED || isRead) raise(<u32>hashed & lowMask);
}

/** An entry, or its place in the index, is about to change. @inline */
export function openEntry(lowMask: u32, entry: usize): void {
  if (CHECKED || isRead) raise(<u32>hash(keyOf(entry), keyLength(entry)) & lowMask);
}

/** The change is complete. @inline */
export function closeStripe(): void {
  if (opened !== 0) lower();
}

/** Tables, directories, segments or the stripes themselves are about to change. */
export function openStructure(): void {
  depth++;
  if ((CHECKED || isRead) && depth === 1) next(STRUCTURE, false);
}

export function closeStructure(): void {
  assert(depth !== 0, 'no change of the structure is open');
  depth--;
  if ((CHECKED || isRead) && depth === 0) next(STRUCTURE, true);
}

function raise(low: u32): void {
  const word = <usize>VERSIONS + ((<usize>(low & STRIPE_MASK)) << 2);
  if (opened === word) return;
  if (opened !== 0) lower();
  opened = word;
  next(word, false);
}

function lower(): void {
  const word = opened;
  opened = 0;
  next(word, true);
}

/** Raise a word, which is odd or even now. @inline */
function next(word: usize, isOdd: bool): void {
  if (CHECKED) assert((load<u32>(word) & 1) === <u32>isOdd, 'a version lost its turn');
  atomic.xchg<u32>(word, load<u32>(word) + 1);
}

/** For assertions, in the debug build alone: in the release stripes are opened only for readers. */
export function isStripeOpen(): bool {
  return opened !== 0;
}

/**
 * A call of the core, or a command, is over: in the debug build nothing may be left open. @inline
 */
export function checkVersions(): void {
  if (CHECKED) assert(opened === 0 && depth === 0, 'a change was left open');
}
