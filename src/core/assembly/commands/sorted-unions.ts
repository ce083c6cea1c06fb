/**
 * Unions, intersections and differences of sorted sets and sets, replied or stored.
 *
 * Rule: the inputs of a union or an intersection are taken from the smallest on, as in Redis: that
 * decides what a sum of scores is rounded to.
 *
 * @see redis/redis 7.0.15 src/t_zset.c, zunionInterDiffGenericCommand()
 */
import { parsed, parseSigned } from '../bytes';
import { releaseValue } from '../collections/discarded-values';
import { ZSET_MAX_ENTRIES, ZSET_MAX_VALUE } from '../collections/layout';
import { clearRoot, rootCount } from '../collections/root';
import { elementScore, setElementScore } from '../collections/scored';
import {
  gatherElement,
  initZset,
  isNewElement,
  orderElements,
  packZset,
  ungatherElement,
} from '../collections/zset';
import { openWalk, walk, walkedAt, walkedLength, walkedScore } from '../collections/zset-walk';
import { double, readDouble } from '../double-parse';
import { FLAG_RESP3, TYPE_ZSET } from '../layout';
import { arg, argc, argIs, argLength, argWord } from '../protocol/arguments';
import {
  isReplyBroken,
  replyArray,
  replyBulk,
  replyDouble,
  replyError,
  replyErrorNaming,
  replyInteger,
} from '../protocol/reply';
import { flags } from '../state';
import { notAnInteger, outOfMemory, syntaxError } from './errors';
import {
  foundScore,
  inputCount,
  inputSize,
  isSameInput,
  nextInput,
  openInput,
  readInputs,
  scoreInInput,
  setWeight,
  sortInputs,
  sourceAt,
  sourceLength,
  sourceScore,
  weightOf,
} from './sorted-inputs';
import { storeZset } from './sorted-ranges';
import { LIMIT, MAX, MIN, SUM, WEIGHTS } from './words';

const UNION: u32 = 0;
const INTERSECTION: u32 = 1;
const DIFFERENCE: u32 = 2;
const CARDINALITY: u32 = 3;

let operation: u32 = UNION;
let aggregate: u64 = SUM;
let withScores: bool = false;
let limit: i64 = 0;

/** The result, while it is made. */
const MADE: usize = memory.data(16);

export function zunion(): void {
  if (readCall(UNION, 1, 'zunion')) replyMade();
}

export function zinter(): void {
  if (readCall(INTERSECTION, 1, 'zinter')) replyMade();
}

export function zdiff(): void {
  if (readCall(DIFFERENCE, 1, 'zdiff')) replyMade();
}

export function zunionstore(): void {
  if (readCall(UNION, 2, 'zunionstore')) storeMade();
}

export function zinterstore(): void {
  if (readCall(INTERSECTION, 2, 'zinterstore')) storeMade();
}

export function zdiffstore(): void {
  if (readCall(DIFFERENCE, 2, 'zdiffstore')) storeMade();
}

export function zintercard(): void {
  if (!readCall(CARDINALITY, 1, 'zintercard')) return;
  sortInputs(0, false);
  let count: i64 = 0;
  openInput(0);
  while (nextInput()) {
    if (!isInOthers()) continue;
    count++;
    if (count === limit) break;
  }
  replyInteger(count);
}

/** @param at - where the number of keys stands. @returns false: the error is replied. */
function readCall(wanted: u32, at: u32, name: string): bool {
  operation = wanted;
  aggregate = SUM;
  withScores = false;
  limit = 0;
  if (!parseSigned(arg(at), argLength(at))) {
    notAnInteger();
    return false;
  }
  if (parsed < 1) {
    replyErrorNaming('-ERR at least 1 input key is needed for ', name);
    return false;
  }
  if (parsed > <i64>argc - at - 1) {
    syntaxError();
    return false;
  }
  const count = <u32>parsed;
  return readInputs(at + 1, count) && readOptions(at + 1 + count, at === 2);
}

function readOptions(first: u32, isStored: bool): bool {
  const isWeighted = operation === UNION || operation === INTERSECTION;
  let i = first;
  while (i < argc) {
    const left = argc - i;
    const option = argWord(i);
    if (isWeighted && left > inputCount && option === WEIGHTS) {
      if (!readWeights(i + 1)) return false;
      i += 1 + inputCount;
    } else if (isWeighted && left > 1 && argIs(i, 'AGGREGATE')) {
      aggregate = argWord(i + 1);
      if (aggregate !== SUM && aggregate !== MIN && aggregate !== MAX) {
        syntaxError();
        return false;
      }
      i += 2;
    } else if (!isStored && operation !== CARDINALITY && argIs(i, 'WITHSCORES')) {
      withScores = true;
      i++;
    } else if (operation === CARDINALITY && left > 1 && option === LIMIT) {
      if (!parseSigned(arg(i + 1), argLength(i + 1)) || parsed < 0) {
        replyError("-ERR LIMIT can't be negative");
        return false;
      }
      limit = parsed;
      i += 2;
    } else {
      syntaxError();
      return false;
    }
  }
  return true;
}

function readWeights(first: u32): bool {
  for (let i: u32 = 0; i < inputCount; i++) {
    if (!readDouble(arg(first + i), argLength(first + i))) {
      replyError('-ERR weight value is not a float');
      return false;
    }
    setWeight(i, double);
  }
  return true;
}

/** Make the result. @returns false: memory is exhausted, and the error is replied. */
function make(): bool {
  clearRoot(MADE);
  if (operation !== DIFFERENCE) sortInputs(0, false);
  let isMade = initZset(MADE, true);
  if (isMade) {
    if (operation === UNION) isMade = unite();
    else if (operation === INTERSECTION) isMade = intersect();
    else isMade = subtract();
  }
  if (isMade && orderElements(MADE)) return true;
  releaseValue(TYPE_ZSET, MADE);
  outOfMemory();
  return false;
}

/** What a score comes to that is weighted: infinity by 0 is 0. */
function weighted(score: f64, weight: f64): f64 {
  const value = score * weight;
  return isNaN(value) ? 0 : value;
}

function aggregated(one: f64, other: f64): f64 {
  if (aggregate === MIN) return other < one ? other : one;
  if (aggregate === MAX) return other > one ? other : one;
  const sum = one + other;
  // Of two infinities, one of them negative.
  return isNaN(sum) ? 0 : sum;
}

function gather(score: f64): bool {
  const element = gatherElement(MADE, sourceAt, sourceLength);
  if (element === 0) return false;
  const isNew = isNewElement;
  setElementScore(element, isNew ? score : aggregated(elementScore(element), score));
  return true;
}

function unite(): bool {
  for (let i: u32 = 0; i < inputCount; i++) {
    const weight = weightOf(i);
    openInput(i);
    while (nextInput()) if (!gather(weighted(sourceScore, weight))) return false;
  }
  return true;
}

let total: f64 = 0;

/** Whether the member is in all inputs but the first; `total` is then what its scores come to. */
function isInOthers(): bool {
  total = weighted(sourceScore, weightOf(0));
  for (let i: u32 = 1; i < inputCount; i++) {
    if (!scoreInInput(i, sourceAt, sourceLength)) return false;
    total = aggregated(total, foundScore * weightOf(i));
  }
  return true;
}

function intersect(): bool {
  openInput(0);
  while (nextInput()) if (isInOthers() && !gather(total)) return false;
  return true;
}

/**
 * Either each member of the first input is looked for in the others, or the others' members are
 * taken out of the first's: whichever is less work.
 */
function subtract(): bool {
  let each: u64 = 0;
  let all: u64 = 0;
  for (let i: u32 = 0; i < inputCount; i++) {
    if (i !== 0 && isSameInput(0, i)) return true;
    each += inputSize(0);
    all += inputSize(i);
  }
  const isEach = each >> 1 <= all;
  if (isEach) sortInputs(1, true);
  openInput(0);
  while (nextInput()) {
    if (isEach && isInAny()) continue;
    if (!gather(sourceScore)) return false;
  }
  if (!isEach) {
    for (let i: u32 = 1; i < inputCount && rootCount(MADE) !== 0; i++) {
      openInput(i);
      while (nextInput()) ungatherElement(MADE, sourceAt, sourceLength);
    }
  }
  return true;
}

function isInAny(): bool {
  for (let i: u32 = 1; i < inputCount; i++) {
    if (scoreInInput(i, sourceAt, sourceLength)) return true;
  }
  return false;
}

function replyMade(): void {
  if (!make()) return;
  const count = rootCount(MADE);
  const isNested = withScores && (flags & FLAG_RESP3) !== 0;
  replyArray(withScores && !isNested ? count << 1 : count);
  if (count !== 0) openWalk(MADE, 0, false);
  for (let i: u32 = 0; i < count && !isReplyBroken(); i++) {
    walk();
    if (isNested) replyArray(2);
    replyBulk(walkedAt, walkedLength);
    if (withScores) replyDouble(walkedScore);
  }
  releaseValue(TYPE_ZSET, MADE);
}

function storeMade(): void {
  if (!make()) return;
  const count = rootCount(MADE);
  if (count !== 0 && count <= load<u32>(ZSET_MAX_ENTRIES) && !hasLong()) packZset(MADE);
  storeZset(MADE, 1);
}

function hasLong(): bool {
  openWalk(MADE, 0, false);
  while (walk()) if (walkedLength > load<u32>(ZSET_MAX_VALUE)) return true;
  return false;
}
