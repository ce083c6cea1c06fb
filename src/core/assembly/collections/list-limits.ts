/**
 * How much goes into a list's node (quicklist.ts), as Redis decides it.
 *
 * @see redis/redis 7.0.15 src/quicklist.c, _quicklistNodeSizeMeetsOptimizationRequirement()
 */
import { LIST_MAX_SIZE, LIST_PLAIN_BYTES } from './layout';

/** Nodes of so many bytes at most are bounded by a count of elements. */
const SAFE_BYTES: u64 = 8192;
const MAX_FILL: i32 = 32767;

/** Whether an element of so many bytes is a node by itself. */
export function isLong(length: u32): bool {
  return length >= load<u32>(LIST_PLAIN_BYTES);
}

/** Whether a node of so many bytes and elements, estimated, is one that Redis would make. */
export function isWithinSize(bytes: u64, count: u32): bool {
  const fill = load<i32>(LIST_MAX_SIZE);
  if (fill < 0 && bytes <= (<u64>4096) << (min(-fill, 5) - 1)) return true;
  return fill > 0 && bytes <= SAFE_BYTES && count <= <u32>min(fill, MAX_FILL);
}
