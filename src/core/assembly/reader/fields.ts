/**
 * A hash's field, looked up by a reader in another thread: as collections/hash.ts finds it, but
 * that nothing is believed. What changes a collection has its key's version odd meanwhile, so what
 * is found counts only if that has not changed, which the caller sees to (index.ts).
 */
import { equal, parsed, parseSigned, writeSigned } from '../bytes';
import { ENCODING_LISTPACK, ENCODING_TABLE } from '../collections/layout';
import {
  elementBytes,
  integer,
  isInteger,
  PACK_END,
  PACK_HEADER,
  readElement,
  textAt,
  textLength,
} from '../collections/listpack-element';
import { HASH_ITEM_HEADER, HASH_VALUE_LENGTH, Members } from '../collections/members-layout';
import { rootBlock, rootEncoding } from '../collections/root';
import { hash } from '../hash';
import {
  BUCKET_BITS,
  BUCKET_ENTRIES,
  BUCKET_NEXT,
  BUCKET_PLACES,
  READ_FOUND,
  READ_MISSING,
  SEGMENT_BITS,
} from '../layout';
import { isInside, TORN } from './bounds';

/** The value found. */
export let fieldValueAt: usize = 0;
export let fieldValueLength: u32 = 0;

/** Of a chain; ten buckets of one hash are unheard of. */
const MAX_CHAIN: u32 = 64;

/**
 * The bytes of a small hash: to be asked for, and held against the key's version, before they are
 * walked over, as a length that is garbage would make that walk a long one.
 *
 * @returns 0: it is no small one.
 */
export function packedBytes(root: usize): u32 {
  const pack = rootBlock(root);
  if (rootEncoding(root) !== ENCODING_LISTPACK || !isInside(pack, PACK_HEADER)) return 0;
  return load<u32>(pack);
}

/**
 * @param bytes - of a small hash, what packedBytes() said.
 * @param digits - where a value that is held as an integer may be written.
 * @returns READ_FOUND, READ_MISSING or TORN.
 */
export function findField(root: usize, bytes: u32, field: usize, length: u32, digits: usize): i32 {
  const encoding = rootEncoding(root);
  if (encoding === ENCODING_TABLE) return inTable(rootBlock(root), field, length);
  if (encoding !== ENCODING_LISTPACK || bytes <= PACK_HEADER) return TORN;
  return inPack(rootBlock(root), bytes, field, length, digits);
}

function inPack(pack: usize, bytes: u32, field: usize, length: u32, digits: usize): i32 {
  if (!isInside(pack, bytes)) return TORN;
  const end = pack + bytes - 1;
  const isNumber = parseSigned(field, length);
  const number = parsed;
  let isMatch = false;
  let isField = true;
  for (let at: usize = pack + PACK_HEADER; at < end; isField = !isField) {
    if (load<u8>(at) === PACK_END) return TORN;
    const size = elementBytes(at);
    if (size > <u32>(end - at)) return TORN;
    readElement(at);
    if (!isField) {
      if (isMatch) return takeElement(digits);
    } else if (isInteger) isMatch = isNumber && number === integer;
    else isMatch = textLength === length && equal(textAt, field, length);
    at += size;
  }
  return isField ? READ_MISSING : TORN;
}

/** The element that was read last is the value. */
function takeElement(digits: usize): i32 {
  fieldValueAt = isInteger ? digits : textAt;
  fieldValueLength = isInteger ? <u32>(writeSigned(digits, integer) - digits) : textLength;
  return isInside(fieldValueAt, fieldValueLength) ? READ_FOUND : TORN;
}

function inTable(index: usize, field: usize, length: u32): i32 {
  if (!isInside(index, <u32>offsetof<Members>())) return TORN;
  const members = changetype<Members>(index);
  const hashed = hash(field, length);
  const lowMask = members.lowMask;
  const wide = <u32>hashed & ((lowMask << 1) | 1);
  const number = wide < members.buckets ? wide : wide & lowMask;
  let segment = members.segments;
  let within = number;
  if (members.directoryRoom !== 0) {
    const place = segment + ((<usize>(number >> SEGMENT_BITS)) << 2);
    if (!isInside(place, 4)) return TORN;
    segment = load<u32>(place);
    within = number & ((1 << SEGMENT_BITS) - 1);
  }
  let bucket = segment + ((<usize>within) << BUCKET_BITS);
  const top = <u8>(hashed >> 56);
  const tags = i8x16.splat(<i8>(top === 0 ? 1 : top));
  for (let links: u32 = 0; links < MAX_CHAIN; links++) {
    if (!isInside(bucket, 64)) return TORN;
    let matches = i8x16.bitmask(i8x16.eq(v128.load(bucket), tags)) & ((1 << BUCKET_PLACES) - 1);
    while (matches !== 0) {
      const item = <usize>load<u32>(bucket + BUCKET_ENTRIES + ((<usize>ctz(matches)) << 2));
      if (!isInside(item, HASH_ITEM_HEADER + length)) return TORN;
      if (load<u32>(item) === length && equal(item + HASH_ITEM_HEADER, field, length)) {
        fieldValueAt = item + HASH_ITEM_HEADER + length;
        fieldValueLength = load<u32>(item, HASH_VALUE_LENGTH);
        return isInside(fieldValueAt, fieldValueLength) ? READ_FOUND : TORN;
      }
      matches &= matches - 1;
    }
    bucket = load<u32>(bucket, BUCKET_NEXT);
    if (bucket === 0) return READ_MISSING;
  }
  return TORN;
}
