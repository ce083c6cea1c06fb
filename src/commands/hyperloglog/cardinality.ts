/**
 * How many elements registers stand for: Ertl's estimate from the histogram of their values, in the
 * order of operations that Redis has, so that not even rounding differs.
 *
 * @see redis/redis 7.0.15 src/hyperloglog.c, hllCount(); Otmar Ertl, arXiv:1702.01284
 */
import { LONGEST_RUN, REGISTERS } from './element-pattern.js';

/** 0.5 / ln 2. */
const ALPHA = 0.7213475204444817;

/** @param histogram - in how many registers each value from 0 to 63 is. */
export function cardinality(histogram: Int32Array): bigint {
  const share = (value: number): number => (histogram[value] ?? 0) / REGISTERS;
  let z = REGISTERS * tau((REGISTERS - (histogram[LONGEST_RUN] ?? 0)) / REGISTERS);
  for (let value = LONGEST_RUN - 1; value >= 1; value--) {
    z += histogram[value] ?? 0;
    z *= 0.5;
  }
  z += REGISTERS * sigma(share(0));
  const estimate = (ALPHA * REGISTERS * REGISTERS) / z;
  // No register holds a value that the hash can give: what C makes of an infinite double.
  return Number.isFinite(estimate) ? BigInt(Math.round(estimate)) : 2n ** 63n;
}

function sigma(share: number): number {
  if (share === 1) return Infinity;
  let x = share;
  let y = 1;
  let z = share;
  let before;
  do {
    x *= x;
    before = z;
    z += x * y;
    y += y;
  } while (before !== z);
  return z;
}

function tau(share: number): number {
  if (share === 0 || share === 1) return 0;
  let x = share;
  let y = 1;
  let z = 1 - share;
  let before;
  do {
    x = Math.sqrt(x);
    before = z;
    y *= 0.5;
    z -= (1 - x) * (1 - x) * y;
  } while (before !== z);
  return z / 3;
}
