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
