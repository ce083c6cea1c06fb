/**
 * The window: commands parsed ahead of execution, so that their keys can be fetched side by side.
 *
 * A lookup is two cache misses in a row (bucket, entry), and on a large keyspace they are most of
 * what a command costs. One command's misses must wait for each other; those of different commands
 * need not. So up to 16 commands are parsed, then each one's bucket is touched and then each one's
 * entry, in loops that depend on nothing else, and the processor has them all under way at once.
 * What execution then looks up is in the cache. It is a hint only: a command in the window may
 * change what a later one will find.
 *
 * An inline command is unquoted where it stands, so it has a window of its own. A command that is
 * cut off or malformed is left for the next window to begin with.
 *
 * A member of a large collection is found by an index of its own: two more misses, and two more
 * loops.
 *
 *   slot   +0 u32 first argument's slot  +4 u32 argc  +8 u32 start  +12 u32 end
 *          +16 u32 command id  +20 u32 whether it is the host's  +24 u64 hash of the first key
 *          +32 u64 hash of the member  +40 u32 index that it is in; 0: there is none to be fetched
 */
import { hash } from '../hash';
import { fetchMember, fetchMemberHome, largeIndexAt } from '../collections/fetch-members';
import { hasLargeIndex } from '../collections/members-index';
import { fetch, fetchHome } from '../keyspace/fetch';
import { rememberHash } from '../keyspace/database';
import {
  arg,
  argc,
  argLength,
  clearArguments,
  dropArguments,
  nextSlot,
  selectArguments,
} from '../protocol/arguments';
import { commandEnd, COMPLETE, isInline, parseCommand } from '../protocol/parser';
import { FLAG_GATE_ALL, FLAG_GATE_WRITES } from '../layout';
import { flags, table } from '../state';
import { findCommand, isOwnCall, isWrite, keyStepOf, memberArgOf } from './table';

const SIZE: u32 = 16;
/**
 * A window with so many arguments is long enough: its table shall not push keys out of the cache.
 */
const MANY_ARGUMENTS: u32 = 256;
const SLOT_BITS: usize = 6;
const SLOTS: usize = memory.data(16 << 6);
/** Keys of one command that are fetched ahead: what the processor can have under way, and more. */
const MAX_KEYS: u32 = 32;
const ARRAY: u8 = 0x2a;

/** What ended the window, of use if it is empty. */
export let outcome: i32 = 0;

/**
 * The selected command: where it is in the input, its number (0: unknown here), whether the host's.
 */
export let rawStart: usize = 0;
export let rawEnd: usize = 0;
export let commandId: u32 = 0;
export let isHosts: bool = false;

/** Whether a command of the window names a member of a collection. */
let namesMembers: bool = false;

/** Not to be optimised away, that is all. */
let touched: u32 = 0;

/** Parse what is there, as far as it goes. @returns how many commands are in the window. */
export function fillWindow(from: usize, end: usize): u32 {
  clearArguments();
  namesMembers = false;
  let count: u32 = 0;
  let at = from;
  while (at < end && count < SIZE && nextSlot() < MANY_ARGUMENTS) {
    if (count !== 0 && load<u8>(at) !== ARRAY) break;
    const first = nextSlot();
    outcome = parseCommand(at, end, count !== 0);
    if (outcome !== COMPLETE) {
      dropArguments(first);
      break;
    }
    const slot = SLOTS + ((<usize>count) << SLOT_BITS);
    const length = nextSlot() - first;
    selectArguments(first, length);
    const id = length === 0 ? 0 : idOfSelected();
    const goesToHost = length !== 0 && (id === 0 || isGated(id));
    if (memberArgOf(id) !== 0) namesMembers = true;
    store<u32>(slot, first);
    store<u32>(slot, length, 4);
    store<u32>(slot, <u32>at, 8);
    store<u32>(slot, <u32>commandEnd, 12);
    store<u32>(slot, id, 16);
    store<u32>(slot, goesToHost ? 1 : 0, 20);
    at = commandEnd;
    count++;
    // The host's step may change what the rest means; parsed now, it would be parsed again.
    if (isInline || goesToHost) break;
  }
  if (count > 1) fetchKeys(count);
  else if (count !== 0) store<u64>(SLOTS, 0, 24);
  return count;
}

/** Make a command of the window the one at hand. */
export function selectCommand(index: u32): void {
  const slot = SLOTS + ((<usize>index) << SLOT_BITS);
  selectArguments(load<u32>(slot), load<u32>(slot, 4));
  rawStart = load<u32>(slot, 8);
  rawEnd = load<u32>(slot, 12);
  commandId = load<u32>(slot, 16);
  isHosts = load<u32>(slot, 20) !== 0;
  const hashed = load<u64>(slot, 24);
  if (hashed !== 0) rememberHash(arg(1), hashed);
}

function fetchKeys(count: u32): void {
  let sum: u32 = 0;
  for (let index: u32 = 0; index < count; index++) {
    const slot = SLOTS + ((<usize>index) << SLOT_BITS);
    selectArguments(load<u32>(slot), load<u32>(slot, 4));
    const step = keyStepOf(load<u32>(slot, 16));
    if (step === 0 || argc < 2) {
      store<u64>(slot, 0, 24);
      continue;
    }
    store<u64>(slot, hash(arg(1), argLength(1)), 24);
    const last = min<u32>(argc, 1 + step * MAX_KEYS);
    for (let i: u32 = 1 + step; i < last; i += step)
      sum += fetch(table, hash(arg(i), argLength(i)));
  }
  for (let index: u32 = 0; index < count; index++) {
    const hashed = load<u64>(SLOTS + ((<usize>index) << SLOT_BITS), 24);
    if (hashed !== 0) sum += fetchHome(table, hashed);
  }
  for (let index: u32 = 0; index < count; index++) {
    const hashed = load<u64>(SLOTS + ((<usize>index) << SLOT_BITS), 24);
    if (hashed !== 0) sum += fetch(table, hashed);
  }
  touched = namesMembers && hasLargeIndex ? sum + fetchMembers(count) : sum;
}

/** Bring the members that commands name into the cache, where their collections are large. */
function fetchMembers(count: u32): u32 {
  let found: u32 = 0;
  let sum: u32 = 0;
  let knownHash: u64 = 0;
  let known: usize = 0;
  for (let index: u32 = 0; index < count; index++) {
    const slot = SLOTS + ((<usize>index) << SLOT_BITS);
    store<u32>(slot, 0, 40);
    const at = memberArgOf(load<u32>(slot, 16));
    const hashed = load<u64>(slot, 24);
    if (at === 0 || hashed === 0 || at >= load<u32>(slot, 4)) continue;
    selectArguments(load<u32>(slot), load<u32>(slot, 4));
    // Often it is the same key again.
    if (hashed !== knownHash) {
      known = largeIndexAt(table, arg(1), argLength(1), hashed);
      knownHash = hashed;
    }
    if (known === 0) continue;
    const member = hash(arg(at), argLength(at));
    store<u64>(slot, member, 32);
    store<u32>(slot, <u32>known, 40);
    sum += fetchMemberHome(known, member);
    found++;
  }
  if (found === 0) return 0;
  for (let index: u32 = 0; index < count; index++) {
    const slot = SLOTS + ((<usize>index) << SLOT_BITS);
    const members: usize = load<u32>(slot, 40);
    if (members !== 0) sum += fetchMember(members, load<u64>(slot, 32));
  }
  return sum;
}

function isGated(id: u32): bool {
  if ((flags & FLAG_GATE_ALL) !== 0) return true;
  return (flags & FLAG_GATE_WRITES) !== 0 && isWrite(id);
}

/** @returns the number of the command selected; 0: it is the host's. */
function idOfSelected(): u32 {
  const found = findCommand(arg(0), argLength(0));
  const id = found !== 0 ? found : named;
  return isOwnCall(id, argc) ? id : 0;
}

/** What a command is whose name is none of the core's; 0: the host's. */
let named: u32 = 0;

/** The host has looked a renamed command up: until it says 0, such a name stands for this one. */
export function nameCommand(id: u32): void {
  named = id;
}
