/** An element's register and run are what 64-bit integers give. */
import * as fc from 'fast-check';
import test from 'ava';
import { patternOf, registerOf, runOf } from '../../../src/commands/hyperloglog/element-pattern.js';

const FACTOR = 0xc6a4a7935bd1e995n;
const cut = (value: bigint): bigint => BigInt.asUintN(64, value);

/** MurmurHash2 of 64 bits, written down as it is defined. */
function hash(bytes: Uint8Array): bigint {
  let value = 0xadc83b19n ^ cut(BigInt(bytes.length) * FACTOR);
  const whole = bytes.length - (bytes.length % 8);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < whole; at += 8) {
    let word = cut(view.getBigUint64(at, true) * FACTOR);
    word = cut((word ^ (word >> 47n)) * FACTOR);
    value = cut((value ^ word) * FACTOR);
  }
  for (let at = bytes.length - 1; at >= whole; at--) {
    value ^= BigInt(bytes[at] ?? 0) << BigInt(8 * (at - whole));
  }
  if (bytes.length > whole) value = cut(value * FACTOR);
  value = cut((value ^ (value >> 47n)) * FACTOR);
  return value ^ (value >> 47n);
}

test('register and run come from the hash', (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const expected = hash(bytes);
      const pattern = patternOf(bytes);
      t.is(registerOf(pattern), Number(expected & 0x3fffn));
      let run = 1;
      for (let rest = (expected >> 14n) | (1n << 50n); (rest & 1n) === 0n; rest >>= 1n) run++;
      t.is(runOf(pattern), run);
    }),
    { numRuns: 500 },
  );
});
