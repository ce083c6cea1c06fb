/**
 * LZF decompression, as RDB's compressed strings need it. Input is untrusted: every read
 * and copy is checked against what is there.
 *
 * A control byte below 32 is followed by that many plus one literal bytes. Else its top three bits
 * (7: plus the next byte) give a length less two, and its low five bits with the next byte how far
 * back to copy from, less one.
 */

/** @returns whether the input gives exactly `size` bytes. */
export function decompress(from: usize, length: u32, to: usize, size: u32): bool {
  const end = from + length;
  const start = to;
  const limit = to + size;
  while (from < end) {
    const control = <u32>load<u8>(from++);
    if (control < 32) {
      const run = control + 1;
      if (run > <u32>(end - from) || run > <u32>(limit - to)) return false;
      memory.copy(to, from, run);
      from += run;
      to += run;
      continue;
    }
    let run = control >> 5;
    if (run === 7) {
      if (from === end) return false;
      run += load<u8>(from++);
    }
    run += 2;
    if (from === end) return false;
    const back = (((control & 31) << 8) | load<u8>(from++)) + 1;
    if (back > <u32>(to - start) || run > <u32>(limit - to)) return false;
    // Byte by byte: the copy may overlap what it writes, and then repeats it.
    for (let i: u32 = 0; i < run; i++, to++) store<u8>(to, load<u8>(to - back));
  }
  return to === limit;
}
