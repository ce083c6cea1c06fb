/**
 * CRC-64 as RDB files end with: the Jones polynomial, reflected, no inversion.
 *
 * JavaScript has no 64-bit integers fast enough for this, so the sum is kept as two 32-bit halves
 * and eight bytes are folded per round through eight tables (slicing-by-8): the table for byte k
 * holds what that byte contributes after the 7-k bytes that follow it.
 *
 * @see redis/redis 7.0 src/crc64.c, crcspeed.c
 */

/** 0xad93d23594c935a9 with its bits reversed. */
const POLYNOMIAL_HI = 0x95ac9329;
const POLYNOMIAL_LO = 0xac4bc9b5;

const LOW = new Uint32Array(8 * 256);
const HIGH = new Uint32Array(8 * 256);

for (let byte = 0; byte < 256; byte++) {
  let lo = byte;
  let hi = 0;
  for (let bit = 0; bit < 8; bit++) {
    const carry = lo & 1;
    lo = ((lo >>> 1) | (hi << 31)) >>> 0;
    hi >>>= 1;
    if (carry === 1) {
      lo = (lo ^ POLYNOMIAL_LO) >>> 0;
      hi = (hi ^ POLYNOMIAL_HI) >>> 0;
    }
  }
  LOW[byte] = lo;
  HIGH[byte] = hi;
}
for (let slice = 1; slice < 8; slice++) {
  for (let byte = 0; byte < 256; byte++) {
    const previous = (slice - 1) * 256 + byte;
    const lo = LOW[previous] ?? 0;
    const hi = HIGH[previous] ?? 0;
    // One more zero byte shifted through.
    const index = lo & 0xff;
    LOW[slice * 256 + byte] = ((lo >>> 8) | (hi << 24)) ^ (LOW[index] ?? 0);
    HIGH[slice * 256 + byte] = (hi >>> 8) ^ (HIGH[index] ?? 0);
  }
}

/** A running checksum; starts at 0 as RDB's does. */
export class Crc64 {
  #lo = 0;
  #hi = 0;

  /** Add bytes to the sum. */
  update(bytes: Uint8Array): void {
    let lo = this.#lo;
    let hi = this.#hi;
    const length = bytes.length;
    const whole = length - (length % 8);
    let at = 0;
    // Indexes below are in range by construction; `!` keeps the loop free of branches.
    while (at < whole) {
      const b0 = bytes[at]! ^ (lo & 0xff);
      const b1 = bytes[at + 1]! ^ ((lo >>> 8) & 0xff);
      const b2 = bytes[at + 2]! ^ ((lo >>> 16) & 0xff);
      const b3 = bytes[at + 3]! ^ (lo >>> 24);
      const b4 = bytes[at + 4]! ^ (hi & 0xff);
      const b5 = bytes[at + 5]! ^ ((hi >>> 8) & 0xff);
      const b6 = bytes[at + 6]! ^ ((hi >>> 16) & 0xff);
      const b7 = bytes[at + 7]! ^ (hi >>> 24);
      lo =
        LOW[1792 + b0]! ^
        LOW[1536 + b1]! ^
        LOW[1280 + b2]! ^
        LOW[1024 + b3]! ^
        LOW[768 + b4]! ^
        LOW[512 + b5]! ^
        LOW[256 + b6]! ^
        LOW[b7]!;
      hi =
        HIGH[1792 + b0]! ^
        HIGH[1536 + b1]! ^
        HIGH[1280 + b2]! ^
        HIGH[1024 + b3]! ^
        HIGH[768 + b4]! ^
        HIGH[512 + b5]! ^
        HIGH[256 + b6]! ^
        HIGH[b7]!;
      at += 8;
    }
    while (at < length) {
      const index = (lo ^ bytes[at]!) & 0xff;
      lo = ((lo >>> 8) | (hi << 24)) ^ LOW[index]!;
      hi = (hi >>> 8) ^ HIGH[index]!;
      at += 1;
    }
    this.#lo = lo >>> 0;
    this.#hi = hi >>> 0;
  }

  /** @returns the sum as an RDB file stores it: eight bytes, little-endian. */
  digest(): Uint8Array {
    const bytes = new Uint8Array(8);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, this.#lo, true);
    view.setUint32(4, this.#hi, true);
    return bytes;
  }

  /** @returns the sum as 16 hexadecimal digits, most significant first. */
  hex(): string {
    return this.#hi.toString(16).padStart(8, '0') + this.#lo.toString(16).padStart(8, '0');
  }
}
