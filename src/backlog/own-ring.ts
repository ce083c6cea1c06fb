/**
 * Reading one's own ring in place: nothing moves or is overwritten before the owner's next call.
 */

/** The part of the data core that is needed. @see src/core/core.ts */
export interface OwnRing {
  /** All of memory; made anew when it grows, so never kept over a call. */
  readonly u8: Uint8Array;
  readonly ringBase: number;
  readonly ringSize: number;
  head(): number;
  /** @returns the oldest offset from which a reader can still go on. */
  firstOffset(): number;
}

/**
 * The bytes that follow a cursor, up to an offset.
 *
 * @returns at most two pieces, valid until the core's next call; null: they are gone.
 */
export function ringPieces(ring: OwnRing, cursor: number, until: number): Uint8Array[] | null {
  const bytes = until - cursor;
  if (bytes === 0) return [];
  if (cursor < ring.firstOffset() || bytes > ring.ringSize) return null;
  const { u8, ringBase: base, ringSize: size } = ring;
  const start = cursor % size;
  const first = Math.min(bytes, size - start);
  const pieces = [u8.subarray(base + start, base + start + first)];
  if (first < bytes) pieces.push(u8.subarray(base, base + bytes - first));
  return pieces;
}
