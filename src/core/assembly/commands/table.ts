/**
 * The core's commands: name, arity, flags, number. The build fills the table from the commands'
 * specs (src/core/bindings.ts).
 *
 * A name is found by its length and its first and last eight bytes in upper case, in an
 * open-addressed table of 512 slots: u64 first bytes, u64 last bytes, u32 length, u8 id.
 */
import { FOLD } from '../bytes';
import { MAX_COMMANDS } from '../layout';
import { applying } from '../state';

export const WRITE: u32 = 1;
export const DENY_OOM: u32 = 2;
/** Where the keys are, if not in the first argument alone. */
export const NO_KEY: u32 = 4;
export const ALL_KEYS: u32 = 8;
export const PAIRS: u32 = 16;
/** The core's only without arguments, or in a master's stream: otherwise it is the host's. */
export const IF_BARE: u32 = 32;
export const IF_FOLLOWED: u32 = 64;
/** Which argument names a member of the collection at the first key. */
export const MEMBER_2: u32 = 128;
export const MEMBER_3: u32 = 256;

const SLOTS: usize = memory.data(512 * 24);
/** By id: i8 arity, u16 flags; and the name, a string literal. */
const ARITY: usize = memory.data(MAX_COMMANDS);
const FLAGS: usize = memory.data(MAX_COMMANDS * 2);
const NAMES: usize = memory.data(MAX_COMMANDS * 4);

/**
 * @returns the command's id; 0: not the core's. Reads up to eight bytes past the name's end.
 * @inline
 */
export function findCommand(name: usize, length: u32): u32 {
  if (length - 3 > 13) return 0;
  const first = firstBytes(name, length);
  const last = lastBytes(name, length);
  let slot = slotOf(first, length);
  while (true) {
    const at = SLOTS + slot * 24;
    const id = load<u8>(at, 20);
    if (id === 0) return 0;
    if (load<u64>(at) === first && load<u64>(at, 8) === last && load<u32>(at, 16) === length) {
      return id;
    }
    slot = (slot + 1) & 511;
  }
}

/** @inline */
function flagsOf(id: u32): u32 {
  return load<u16>(FLAGS + (id << 1));
}

export function isWrite(id: u32): bool {
  return (flagsOf(id) & WRITE) !== 0;
}

export function deniesOom(id: u32): bool {
  return (flagsOf(id) & DENY_OOM) !== 0;
}

export function hasArity(id: u32, argc: u32): bool {
  const arity = <i32>load<i8>(ARITY + id);
  return arity >= 0 ? argc === <u32>arity : argc >= <u32>-arity;
}

export function nameOf(id: u32): string {
  return changetype<string>(<usize>load<u32>(NAMES + (id << 2)));
}

/** Whether a call of the command found, with so many arguments, is the core's. @inline */
export function isOwnCall(id: u32, argc: u32): bool {
  const conditions = flagsOf(id) & (IF_BARE | IF_FOLLOWED);
  if (conditions === 0) return id !== 0;
  return conditions === IF_BARE ? argc === 1 : applying;
}

/** @returns the distance between a command's keys, the first being argument 1; 0: it has none. */
export function keyStepOf(id: u32): u32 {
  const where = flagsOf(id) & (NO_KEY | ALL_KEYS | PAIRS);
  if (where === 0) return id === 0 ? 0 : ONLY_ONE;
  if (where === NO_KEY) return 0;
  return where === ALL_KEYS ? 1 : 2;
}

/**
 * @returns which argument names a member of the collection at the first key; 0: none does.
 * @inline
 */
export function memberArgOf(id: u32): u32 {
  const which = flagsOf(id) & (MEMBER_2 | MEMBER_3);
  if (which === 0) return 0;
  return which === MEMBER_2 ? 2 : 3;
}

/** A step past any argument there can be. */
const ONLY_ONE: u32 = 0x100000;

/** Enters a command: bindings.ts does, once for each. */
export function define(id: u32, name: string, arity: i32, flags: u32): void {
  store<i8>(ARITY + id, <i8>arity);
  store<u16>(FLAGS + (id << 1), <u16>flags);
  store<u32>(NAMES + (id << 2), <u32>changetype<usize>(name));
  const length = <u32>name.length;
  const text = memory.data(16);
  memory.fill(text, 0, 16);
  for (let i: u32 = 0; i < length; i++) store<u8>(text + i, <u8>name.charCodeAt(i));
  const first = firstBytes(text, length);
  let slot = slotOf(first, length);
  while (load<u8>(SLOTS + slot * 24, 20) !== 0) slot = (slot + 1) & 511;
  const at = SLOTS + slot * 24;
  store<u64>(at, first);
  store<u64>(at, lastBytes(text, length), 8);
  store<u32>(at, length, 16);
  store<u8>(at, <u8>id, 20);
}

/** The command is found by its name no more; its number stays. */
export function retireCommand(id: u32): void {
  for (let slot: usize = 0; slot < 512; slot++) {
    const at = SLOTS + slot * 24;
    // The slot stays taken, as other names may have been put behind it. No name is so long.
    if (load<u8>(at, 20) === id) store<u32>(at, u32.MAX_VALUE, 16);
  }
}

function firstBytes(name: usize, length: u32): u64 {
  const word = load<u64>(name) & FOLD;
  return length >= 8 ? word : word & (((<u64>1) << (length << 3)) - 1);
}

function lastBytes(name: usize, length: u32): u64 {
  return length <= 8 ? 0 : load<u64>(name + length - 8) & FOLD;
}

function slotOf(first: u64, length: u32): u32 {
  return <u32>(((first ^ length) * 0x9e3779b97f4a7c15) >> 55);
}
