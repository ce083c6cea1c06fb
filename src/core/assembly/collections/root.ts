/**
 * A collection's root: 16 bytes that stand where a string's bytes would (layout.ts has the map).
 * What it leads to is its own: whoever copies a root without the value must forget one of the two.
 */
import { ROOT_COUNT, ROOT_ENCODING, ROOT_OWN, ROOT_SIZE } from './layout';

export function rootBlock(root: usize): usize {
  return load<u32>(root);
}

export function setRootBlock(root: usize, block: usize): void {
  store<u32>(root, <u32>block);
}

/** Elements: pairs of a hash, members of a set… */
export function rootCount(root: usize): u32 {
  return load<u32>(root, ROOT_COUNT);
}

export function setRootCount(root: usize, count: u32): void {
  store<u32>(root, count, ROOT_COUNT);
}

/** ENCODING_*; 0: it leads to nothing. */
export function rootEncoding(root: usize): u32 {
  return load<u32>(root, ROOT_ENCODING);
}

/** What the type itself keeps there. */
export function rootOwn(root: usize): u32 {
  return load<u32>(root, ROOT_OWN);
}

export function setRootOwn(root: usize, own: u32): void {
  store<u32>(root, own, ROOT_OWN);
}

export function setRoot(root: usize, block: usize, count: u32, encoding: u32): void {
  store<u32>(root, <u32>block);
  store<u32>(root, count, ROOT_COUNT);
  store<u32>(root, encoding, ROOT_ENCODING);
  store<u32>(root, 0, ROOT_OWN);
}

/** What it leads to is another's now, or gone. */
export function clearRoot(root: usize): void {
  memory.fill(root, 0, ROOT_SIZE);
}
