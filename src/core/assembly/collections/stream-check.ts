/**
 * Untrusted nodes of streams: checked element by element, so that whoever walks over a
 * stream may trust what it finds.
 *
 * @see redis/redis 7.0.15 src/t_stream.c, streamValidateListpackIntegrity()
 */
import { parsed, parseSigned } from '../bytes';
import {
  checkPack,
  firstPlace,
  integer,
  isInteger,
  nextPlace,
  readElement,
  textAt,
  textLength,
} from './listpack';
import { HAS_SAME_FIELDS } from './stream';

/** Whether untrusted bytes are a node. */
export function isNode(pack: usize, bytes: u32): bool {
  if (checkPack(pack, bytes) < 5) return false;
  place = firstPlace(pack);
  if (!takeInteger()) return false;
  let entries = taken;
  if (!takeInteger()) return false;
  entries += taken;
  if (!takeInteger() || taken < 0) return false;
  const masterFields = taken;
  if (!skip(masterFields) || !takeInteger() || taken !== 0) return false;
  while (entries-- !== 0) {
    if (!takeInteger()) return false;
    const flags = taken;
    if (!takeInteger() || !takeInteger()) return false;
    let elements = masterFields;
    let before: i64 = 3;
    if ((flags & HAS_SAME_FIELDS) === 0) {
      if (!takeInteger() || taken < 0 || taken > i32.MAX_VALUE) return false;
      elements = taken * 2;
      before = 4;
    }
    if (!skip(elements) || !takeInteger() || taken !== elements + before) return false;
  }
  return place === 0;
}

/** The next element of a node that is being gone through; 0: there is none. */
let place: usize = 0;
let taken: i64 = 0;

/** @returns false: there is none, or it is no integer. */
function takeInteger(): bool {
  if (place === 0) return false;
  readElement(place);
  if (isInteger) taken = integer;
  else {
    if (!parseSigned(textAt, textLength)) return false;
    taken = parsed;
  }
  place = nextPlace(place);
  return true;
}

function skip(elements: i64): bool {
  for (; elements > 0; elements--) {
    if (place === 0) return false;
    place = nextPlace(place);
  }
  return true;
}
