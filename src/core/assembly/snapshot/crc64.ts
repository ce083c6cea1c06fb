/**
 * CRC-64 as RDB files end with: the Jones polynomial, reflected, no inversion; eight bytes a round.
 *
 * src/rdb/crc64.ts is the same in JavaScript, for bytes that are not in a core's memory.
 *
 * @see redis/redis 7.0.15 src/crc64.c, crcspeed.c
 */

/** 0xad93d23594c935a9 with its bits reversed. */
const POLYNOMIAL: u64 = 0x95ac9329ac4bc9b5;
/** Eight tables of 256: the k-th holds what a byte contributes after k more that follow it. */
const TABLES: usize = memory.data(8 * 256 * 8);

let isReady = false;

function fillTables(): void {
  isReady = true;
  for (let byte: u32 = 0; byte < 256; byte++) {
    let crc: u64 = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) !== 0 ? POLYNOMIAL : 0);
    store<u64>(TABLES + ((<usize>byte) << 3), crc);
  }
  for (let at: usize = 256; at < 8 * 256; at++) {
    const previous = load<u64>(TABLES + ((at - 256) << 3));
    store<u64>(TABLES + (at << 3), (previous >> 8) ^ entry(0, <u32>previous & 0xff));
  }
}

/** @inline */
function entry(table: u32, byte: u32): u64 {
  return load<u64>(TABLES + (((<usize>table) << 11) | ((<usize>byte) << 3)));
}

/** @returns the sum of what was summed before, and these bytes. */
export function crc64(sum: u64, at: usize, length: u32): u64 {
  if (!isReady) fillTables();
  let crc = sum;
  const end = at + length;
  for (; at + 8 <= end; at += 8) {
    const word = crc ^ load<u64>(at);
    const low = <u32>word;
    const high = <u32>(word >> 32);
    crc =
      entry(7, low & 0xff) ^
      entry(6, (low >> 8) & 0xff) ^
      entry(5, (low >> 16) & 0xff) ^
      entry(4, low >> 24) ^
      entry(3, high & 0xff) ^
      entry(2, (high >> 8) & 0xff) ^
      entry(1, (high >> 16) & 0xff) ^
      entry(0, high >> 24);
  }
  for (; at < end; at++) crc = (crc >> 8) ^ entry(0, (<u32>crc & 0xff) ^ load<u8>(at));
  return crc;
}
