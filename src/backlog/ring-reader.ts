/**
 * Reading another node's backlog ring, straight from its memory, with no message and no lock.
 *
 *   word             who writes                 what it tells a reader
 *   HEAD             owner (fencers: bit 63)    offset of the last published byte
 *   RESERVED         owner                      the ring may be overwritten up to this offset
 *   HIST_START       owner                      bytes at or below this offset are not there
 *   RING_BASE/SIZE   owner                      where the ring lies, while RING_GENERATION is even
 *   RING_GENERATION  owner                      odd while the ring moves; changes when it has moved
 *   HISTORY          owner                      counts the owner's replication ids
 *
 * The byte that follows offset `o` lies at RING_BASE + o % RING_SIZE.
 *
 * The writer stores RESERVED, then writes bytes up to it, then publishes them by moving HEAD.
 *
 * The reader, at cursor `c` (the offset of the last byte it has), loads HEAD, the generation and
 * the geometry, copies what it wants of (c, HEAD], and only then looks whether the copy is good:
 * the generation is the same even number, the history is the one of its handshake, and
 * c >= RESERVED - RING_SIZE and c >= HIST_START. If the writer began to overwrite any byte of the
 * copy before or while it was made, the RESERVED that says so was stored before, so the check sees
 * it. What fails the check is void and was never looked at.
 *
 * The check must not be carried out before the copy. Loads of plain bytes may be delayed past a
 * later atomic load on some processors, but not past an atomic read-modify-write followed by an
 * atomic load; the reader therefore exchanges a private word between the two.
 *
 * Parking: a reader that found nothing sets its bit in PARKED and then looks at HEAD once more. The
 * writer moves HEAD and then looks at PARKED. Whichever came second sees the other, so no wake is
 * lost; a needless one is harmless.
 *
 * The memory outlives its owner's thread, so all this works on a dead node's ring as well.
 *
 * @see src/core/assembly/layout.ts; sqlite's wal.c for the manner
 */
import type { SharedMemory } from '../base/shared-memory.js';
import type { Millis } from '../base/time.js';
import {
  FENCED_BY,
  HEAD,
  HEARTBEAT,
  HISTORY,
  HIST_START,
  MAGIC,
  MAGIC_VALUE,
  NOTIFY_AT,
  PARKED,
  RESERVED,
  RING_BASE,
  RING_GENERATION,
  RING_SIZE,
} from '../core/assembly/layout.js';

/** What a read came to. */
export type RingRead =
  /** So many bytes, right after the cursor, are now in `into`. */
  | { readonly state: 'copied'; readonly bytes: number }
  /** The reader has everything that was published. */
  | { readonly state: 'empty' }
  /** The bytes at the cursor are gone, or the cursor is beyond the head: only a resync helps. */
  | { readonly state: 'lapped' }
  /** The ring was being moved; try again. */
  | { readonly state: 'moved' }
  /** The owner's history changed since the handshake; handshake again. */
  | { readonly state: 'other-history' };

/** An owner's heart beats at each turn of its cron; one that is older has stopped. */
const HEARTBEAT_LIMIT_MS: Millis = 1000;

const EMPTY: RingRead = { state: 'empty' };
const LAPPED: RingRead = { state: 'lapped' };
const MOVED: RingRead = { state: 'moved' };
const OTHER_HISTORY: RingRead = { state: 'other-history' };

/** An offset without the fence bit above it. */
const offsetOf = (head: bigint): number => Number(BigInt.asUintN(63, head));

export class RingReader {
  readonly #memory: SharedMemory;
  /** Stands between the copy and its check; see above. */
  readonly #barrier = new Int32Array(new SharedArrayBuffer(4));
  #bytes: Uint8Array;
  #words: Int32Array;
  #longs: BigInt64Array;

  constructor(memory: SharedMemory) {
    this.#memory = memory;
    const buffer = memory.buffer;
    this.#bytes = new Uint8Array(buffer);
    this.#words = new Int32Array(buffer);
    this.#longs = new BigInt64Array(buffer);
  }

  /** False for a memory whose owner has not finished setting it up. */
  isReady(): boolean {
    return this.#word(MAGIC) === MAGIC_VALUE;
  }

  /** The owner's replication offset: of the last byte it published. */
  head(): number {
    return offsetOf(this.#long(HEAD));
  }

  /** Whether another node forbade the owner to publish; its head is then final. */
  isFenced(): boolean {
    return this.#long(HEAD) < 0n;
  }

  /** Index of the actor that fenced the owner; meaningful while it is fenced. */
  fencedBy(): number {
    return this.#word(FENCED_BY) - 1;
  }

  /** The offset before the oldest byte there is. */
  histStart(): number {
    return Number(this.#long(HIST_START));
  }

  /** The number of the owner's present history. */
  history(): number {
    return this.#word(HISTORY);
  }

  /** Whether the owner has given a sign of life lately. @param unixMs - now. */
  isBeating(unixMs: number): boolean {
    return unixMs - Number(this.#long(HEARTBEAT)) < HEARTBEAT_LIMIT_MS;
  }

  /** The offset whose reaching the owner wants to hear of; -1: none. */
  notifyAt(): number {
    return Number(this.#long(NOTIFY_AT));
  }

  /**
   * @returns where within a word the byte that follows `cursor` lies (base/alignment.ts); a hint.
   */
  alignmentAt(cursor: number): number {
    const size = this.#word(RING_SIZE) >>> 0;
    return size === 0 ? 0 : ((this.#word(RING_BASE) >>> 0) + (cursor % size)) & 7;
  }

  /**
   * Copy what follows `cursor`.
   *
   * @param cursor - offset of the last byte the reader has.
   * @param history - the number that the handshake named.
   * @param into - its length bounds the copy.
   */
  read(cursor: number, history: number, into: Uint8Array): RingRead {
    const head = this.head();
    if (this.#word(HISTORY) !== history) return OTHER_HISTORY;
    if (head === cursor) return EMPTY;
    if (head < cursor) return LAPPED;

    const generation = this.#word(RING_GENERATION);
    if ((generation & 1) === 1) return MOVED;
    const base = this.#word(RING_BASE) >>> 0;
    const size = this.#word(RING_SIZE) >>> 0;
    if (size === 0) return MOVED;
    if (base + size > this.#bytes.length && !this.#refresh(base + size)) return MOVED;

    const bytes = Math.min(into.length, head - cursor, size);
    const start = cursor % size;
    const first = Math.min(bytes, size - start);
    into.set(this.#bytes.subarray(base + start, base + start + first));
    if (first < bytes) into.set(this.#bytes.subarray(base, base + bytes - first), first);

    Atomics.exchange(this.#barrier, 0, 1);
    const reserved = Number(this.#long(RESERVED));
    if (this.#word(RING_GENERATION) !== generation) return MOVED;
    if (this.#word(HISTORY) !== history) return OTHER_HISTORY;
    if (cursor < reserved - size || cursor < this.histStart()) return LAPPED;
    return { state: 'copied', bytes };
  }

  /**
   * Ask the owner for a wake once it has published more than `cursor`.
   *
   * @param index - the reading actor's, 0 to 63.
   * @returns false if there is more already: read on instead of sleeping.
   */
  park(index: number, cursor: number): boolean {
    Atomics.or(this.#words, (PARKED >> 2) + (index >> 5), 1 << (index & 31));
    if (this.head() === cursor) return true;
    this.unpark(index);
    return false;
  }

  /** Take the request for a wake back. */
  unpark(index: number): void {
    Atomics.and(this.#words, (PARKED >> 2) + (index >> 5), ~(1 << (index & 31)));
  }

  /** The memory may have grown since it was last looked at; the new pages show up on request. */
  #refresh(neededBytes: number): boolean {
    const buffer = this.#memory.buffer;
    if (buffer.byteLength < neededBytes) return false;
    this.#bytes = new Uint8Array(buffer);
    this.#words = new Int32Array(buffer);
    this.#longs = new BigInt64Array(buffer);
    return true;
  }

  #word(at: number): number {
    return Atomics.load(this.#words, at >> 2);
  }

  #long(at: number): bigint {
    return Atomics.load(this.#longs, at >> 3);
  }
}
