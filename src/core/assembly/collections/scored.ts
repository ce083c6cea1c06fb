/**
 * An element of a large sorted set: an item of its index (members.ts) that keeps the score beside
 * the length.
 *
 *   +0 u32 length of the member  +4 f64 score  +12 the member
 */
import { compareBytes } from '../bytes';

/** Bytes before the member. */
export const SCORED_HEADER: u32 = 12;
const SCORE: usize = 4;

export function elementScore(element: usize): f64 {
  return load<f64>(element, SCORE);
}

export function setElementScore(element: usize, score: f64): void {
  store<f64>(element, score, SCORE);
}

export function elementLength(element: usize): u32 {
  return load<u32>(element);
}

export function elementText(element: usize): usize {
  return element + SCORED_HEADER;
}

/** @returns less than 0, 0 or more: by score, then by the members' bytes. */
export function compareElements(one: usize, other: usize): i32 {
  const score = elementScore(one);
  const against = elementScore(other);
  if (score !== against) return score < against ? -1 : 1;
  return compareWith(one, elementText(other), elementLength(other));
}

/** @returns less than 0, 0 or more: an element's member, compared with a text. */
export function compareWith(element: usize, text: usize, length: u32): i32 {
  return compareBytes(elementText(element), elementLength(element), text, length);
}
