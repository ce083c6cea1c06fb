/**
 * What a sorted set knows of an element: its score and its member.
 *
 *   +0 f64 score  +8 u32 length of the member  +12 the member
 */
import { compareBytes } from '../bytes';

export const SCORED_TEXT: u32 = 12;

export function elementScore(element: usize): f64 {
  return load<f64>(element);
}

export function elementLength(element: usize): u32 {
  return load<u32>(element, 8);
}

export function elementText(element: usize): usize {
  return element + SCORED_TEXT;
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
