/**
 * Addresses modulo a word.
 *
 * V8 copies to and from shared memory word by word where source and target are at the same place
 * within a word, and byte by byte where they are not: at a seventh of the speed. So whoever may
 * choose where bytes go chooses the alignment of where they come from.
 */

/** @returns 0 to 7: where within a word the bytes begin. */
export function alignmentOf({ byteOffset }: Uint8Array): number {
  return byteOffset & 7;
}

/** @returns uninitialised bytes that begin at that place within a word. */
export function allocateAligned(length: number, alignment: number): Buffer {
  const room = Buffer.allocUnsafe(length + 7);
  const start = (alignment - room.byteOffset) & 7;
  return room.subarray(start, start + length);
}

const EMPTY = new Uint8Array(0);

/**
 * Pieces one behind the other, the longest at its place within a word.
 *
 * @param room - what they are put into, if it is long enough; else into new bytes.
 */
export function joinAligned(pieces: readonly Uint8Array[], room: Buffer): Buffer {
  let length = 0;
  let longest: { at: number; piece: Uint8Array } = { at: 0, piece: EMPTY };
  for (const piece of pieces) {
    if (piece.length > longest.piece.length) longest = { at: length, piece };
    length += piece.length;
  }
  const alignment = (alignmentOf(longest.piece) - longest.at) & 7;
  const start = (alignment - room.byteOffset) & 7;
  const joined =
    start + length <= room.length
      ? room.subarray(start, start + length)
      : allocateAligned(length, alignment);
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}
