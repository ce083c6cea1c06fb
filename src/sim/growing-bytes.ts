/** Bytes that more are put behind, where they stand. */
export interface GrowingBytes {
  /** The first `length` bytes of them; beyond that is room to grow. */
  bytes: Buffer;
  length: number;
}

export function append(to: GrowingBytes, more: Uint8Array): void {
  const length = to.length + more.length;
  if (length > to.bytes.length) {
    const grown = Buffer.allocUnsafeSlow(Math.max(2 * to.bytes.length, length));
    to.bytes.copy(grown, 0, 0, to.length);
    to.bytes = grown;
  }
  to.bytes.set(more, to.length);
  to.length = length;
}
