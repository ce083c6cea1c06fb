/** Whole lists (quicklist.ts): copied, freed, counted and measured. */
import { blockSize, release } from '../allocator/slabs';
import {
  copyBlock,
  dropNode,
  firstNode,
  initList,
  isPlain,
  lastNode,
  linkNode,
  newNode,
  nodeAfter,
  nodeBlock,
  nodeBytes,
  nodeCount,
  setPlainLength,
} from './quicklist';

/** Give the root a list of its own, as another's. @returns false: memory is exhausted. */
export function copyList(from: usize, to: usize): bool {
  initList(to);
  for (let node = firstNode(from); node !== 0; node = nodeAfter(node)) {
    const block = copyBlock(node);
    const copied: usize = block === 0 ? 0 : newNode(block, nodeCount(node));
    if (copied === 0) {
      if (block !== 0) release(block);
      freeList(to, u32.MAX_VALUE);
      return false;
    }
    if (isPlain(node)) setPlainLength(copied, nodeBytes(node));
    linkNode(to, copied, lastNode(to), true);
  }
  return true;
}

/** @returns what is left of a budget of nodes; 0: there may be more to free. */
export function freeList(root: usize, budget: u32): u32 {
  while (firstNode(root) !== 0 && budget !== 0) {
    dropNode(root, firstNode(root));
    budget--;
  }
  return budget;
}

/** @returns how many nodes there are, or `limit`: then there may be more. */
export function countNodes(root: usize, limit: u32): u32 {
  let count: u32 = 0;
  for (let node = firstNode(root); node !== 0 && count < limit; node = nodeAfter(node)) count++;
  return count;
}

export function listBytes(root: usize): u64 {
  let bytes: u64 = 0;
  for (let node = firstNode(root); node !== 0; node = nodeAfter(node)) {
    bytes += <u64>blockSize(node) + blockSize(nodeBlock(node));
  }
  return bytes;
}
