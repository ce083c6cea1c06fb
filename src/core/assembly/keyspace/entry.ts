/**
 * An entry's fields (layout.ts has the byte map). Functions, not a class: the header is of two
 * lengths, and key and value follow it.
 */
import {
  ENTRY_EPOCH,
  ENTRY_EXPIRE_AT,
  ENTRY_EXPIRY_SIZE,
  ENTRY_HAS_EXPIRY,
  ENTRY_HEADER,
  ENTRY_IS_OWN,
  ENTRY_IS_RAW,
  ENTRY_IS_TEXT,
  ENTRY_KEY_LEN,
  ENTRY_TYPE_MASK,
  ENTRY_VALUE_LEN,
  ENTRY_VOLATILE_PLACE,
  TYPE_STRING,
} from '../layout';

export function typeOf(entry: usize): u32 {
  return <u32>load<u8>(entry) & ENTRY_TYPE_MASK;
}

export function isString(entry: usize): bool {
  return typeOf(entry) === TYPE_STRING;
}

export function hasExpiry(entry: usize): bool {
  return (load<u8>(entry) & <u8>ENTRY_HAS_EXPIRY) !== 0;
}

/** Whether the key's expiry is this replica's to see to: no master knows of it. */
export function isOwn(entry: usize): bool {
  return (load<u8>(entry) & <u8>ENTRY_IS_OWN) !== 0;
}

export function setOwn(entry: usize, own: bool): void {
  const others = load<u8>(entry) & <u8>~ENTRY_IS_OWN;
  store<u8>(entry, own ? others | <u8>ENTRY_IS_OWN : others);
}

/** What a string's encoding is told by, beside its bytes: ENTRY_IS_RAW or ENTRY_IS_TEXT, or 0. */
export function formOf(entry: usize): u8 {
  return load<u8>(entry) & <u8>(ENTRY_IS_RAW | ENTRY_IS_TEXT);
}

export function addForm(entry: usize, form: u32): void {
  store<u8>(entry, load<u8>(entry) | <u8>form);
}

/** Offset of the key. */
export function headerSize(entry: usize): u32 {
  return <u32>ENTRY_HEADER + (hasExpiry(entry) ? <u32>ENTRY_EXPIRY_SIZE : 0);
}

export function keyLength(entry: usize): u32 {
  return load<u32>(entry, ENTRY_KEY_LEN);
}

export function keyOf(entry: usize): usize {
  return entry + headerSize(entry);
}

/** Bytes of a string, or of a collection's root. */
export function valueLength(entry: usize): u32 {
  return load<u32>(entry, ENTRY_VALUE_LEN);
}

export function setValueLength(entry: usize, length: u32): void {
  store<u32>(entry, length, ENTRY_VALUE_LEN);
}

export function valueOf(entry: usize): usize {
  return keyOf(entry) + keyLength(entry);
}

/** Bytes that the value takes within the entry. */
export function inlineLength(entry: usize): u32 {
  return valueLength(entry);
}

/** Only valid if hasExpiry(). */
export function expireAt(entry: usize): i64 {
  return load<i64>(entry, ENTRY_EXPIRE_AT);
}

export function storeExpireAt(entry: usize, at: i64): void {
  store<i64>(entry, at, ENTRY_EXPIRE_AT);
}

export function volatilePlace(entry: usize): u32 {
  return load<u32>(entry, ENTRY_VOLATILE_PLACE);
}

export function storeVolatilePlace(entry: usize, place: u32): void {
  store<u32>(entry, place, ENTRY_VOLATILE_PLACE);
}

export function epochOf(entry: usize): u8 {
  return load<u8>(entry, ENTRY_EPOCH);
}

export function storeEpoch(entry: usize, epoch: u8): void {
  store<u8>(entry, epoch, ENTRY_EPOCH);
}
