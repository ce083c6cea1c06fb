/**
 * The inputs of a union, an intersection or a difference: sorted sets, or sets, whose members have
 * the score 1. A missing key is an empty one.
 *
 *   an input, 16 bytes: +0 u32 root (0: the key is missing)  +4 u32 type  +8 f64 weight
 *
 * @see redis/redis 7.0.15 src/t_zset.c, zsetopsrc
 */
import { allocate, blockSize, reallocate } from '../allocator/slabs';
import { rootCount } from '../collections/root';
import { hasMember, memberAt, memberLength, nextMember, openMembers } from '../collections/set';
import { findScore, score } from '../collections/zset';
import { openWalk, walk, walkedAt, walkedLength, walkedScore } from '../collections/zset-walk';
import { lookupRead } from '../keyspace/database';
import { typeOf, valueOf } from '../keyspace/entry';
import { TYPE_SET, TYPE_ZSET } from '../layout';
import { arg, argLength } from '../protocol/arguments';
import { outOfMemory, wrongType } from './errors';

const INPUT_SIZE: u32 = 16;
const TYPE: usize = 4;
const WEIGHT: usize = 8;

let inputs: usize = 0;
export let inputCount: u32 = 0;

function inputOf(index: u32): usize {
  return inputs + <usize>(index * INPUT_SIZE);
}

/** Look so many keys up, arguments from one on. @returns false: the error is replied. */
export function readInputs(first: u32, count: u32): bool {
  const bytes = count * INPUT_SIZE;
  if (inputs === 0 || blockSize(inputs) < bytes) {
    const block = inputs === 0 ? allocate(bytes) : reallocate(inputs, 0, bytes);
    if (block === 0) {
      outOfMemory();
      return false;
    }
    inputs = block;
  }
  inputCount = count;
  for (let i: u32 = 0; i < count; i++) {
    const entry = lookupRead(arg(first + i), argLength(first + i));
    const at = inputOf(i);
    store<u32>(at, entry === 0 ? 0 : <u32>valueOf(entry));
    store<f64>(at, 1, WEIGHT);
    if (entry === 0) continue;
    const type = typeOf(entry);
    store<u32>(at, type, TYPE);
    if (type === TYPE_ZSET || type === TYPE_SET) continue;
    wrongType();
    return false;
  }
  return true;
}

export function setWeight(index: u32, weight: f64): void {
  store<f64>(inputOf(index), weight, WEIGHT);
}

export function weightOf(index: u32): f64 {
  return load<f64>(inputOf(index), WEIGHT);
}

export function inputSize(index: u32): u32 {
  const root: usize = load<u32>(inputOf(index));
  return root === 0 ? 0 : rootCount(root);
}

/** Whether an input is the very key that another is. */
export function isSameInput(one: u32, other: u32): bool {
  return load<u32>(inputOf(one)) === load<u32>(inputOf(other));
}

/**
 * Put the inputs from an index on in the order of their sizes; those of one size stay as they are.
 */
export function sortInputs(first: u32, isLargestFirst: bool): void {
  for (let i = first + 1; i < inputCount; i++) {
    const size = inputSize(i);
    const kept = v128.load(inputOf(i));
    let at = i;
    while (at > first) {
      const before = inputSize(at - 1);
      if (isLargestFirst ? before >= size : before <= size) break;
      v128.store(inputOf(at), v128.load(inputOf(at - 1)));
      at--;
    }
    v128.store(inputOf(at), kept);
  }
}

/** The member that the walk is at: until the next call of nextInput(). */
export let sourceAt: usize = 0;
export let sourceLength: u32 = 0;
export let sourceScore: f64 = 0;

let isSetWalk: bool = false;
let isEmptyWalk: bool = false;

/** Begin to walk over an input's members with nextInput(); it must not change meanwhile. */
export function openInput(index: u32): void {
  const at = inputOf(index);
  isEmptyWalk = inputSize(index) === 0;
  if (isEmptyWalk) return;
  const root: usize = load<u32>(at);
  isSetWalk = load<u32>(at, TYPE) === TYPE_SET;
  if (isSetWalk) openMembers(root);
  else openWalk(root, rootCount(root) - 1, true);
}

/** @returns whether there is another member. */
export function nextInput(): bool {
  if (isEmptyWalk) return false;
  if (isSetWalk) {
    if (!nextMember()) return false;
    sourceAt = memberAt;
    sourceLength = memberLength;
    sourceScore = 1;
    return true;
  }
  if (!walk()) return false;
  sourceAt = walkedAt;
  sourceLength = walkedLength;
  sourceScore = walkedScore;
  return true;
}

/** The score that scoreInInput() found. */
export let foundScore: f64 = 0;

/** @returns whether an input has a member. */
export function scoreInInput(index: u32, member: usize, length: u32): bool {
  const at = inputOf(index);
  const root: usize = load<u32>(at);
  if (root === 0) return false;
  if (load<u32>(at, TYPE) === TYPE_SET) {
    foundScore = 1;
    return hasMember(root, member, length);
  }
  if (!findScore(root, member, length)) return false;
  foundScore = score;
  return true;
}
