/**
 * The core's commands: name, arity, flags, number. The host's copy is src/core/command-ids.ts; a
 * test compares the two.
 *
 * A name is found by its length and its first and last eight bytes in upper case, in an
 * open-addressed table of 128 slots: u64 first bytes, u64 last bytes, u32 length, u8 id.
 */
import { FOLD } from '../bytes';
import {
  ID_APPEND,
  ID_BITCOUNT,
  ID_BITOP,
  ID_BITPOS,
  ID_DECR,
  ID_DECRBY,
  ID_DEL,
  ID_EXISTS,
  ID_EXPIRE,
  ID_EXPIREAT,
  ID_EXPIRETIME,
  ID_GET,
  ID_GETBIT,
  ID_GETDEL,
  ID_GETEX,
  ID_GETRANGE,
  ID_GETSET,
  ID_INCR,
  ID_INCRBY,
  ID_MGET,
  ID_MSET,
  ID_MSETNX,
  ID_PERSIST,
  ID_PEXPIRE,
  ID_PEXPIREAT,
  ID_PEXPIRETIME,
  ID_PING,
  ID_PSETEX,
  ID_PTTL,
  ID_SELECT,
  ID_SET,
  ID_SETBIT,
  ID_SETEX,
  ID_SETNX,
  ID_SETRANGE,
  ID_STRLEN,
  ID_SUBSTR,
  ID_TTL,
  ID_TYPE,
  ID_UNLINK,
} from './ids';

export const WRITE: u32 = 1;
export const DENY_OOM: u32 = 2;
/** Where the keys are, if not in the first argument alone. For the core's own use. */
const NO_KEY: u32 = 4;
const ALL_KEYS: u32 = 8;
const PAIRS: u32 = 16;

const SLOTS: usize = memory.data(128 * 24);
/** By id: i8 arity, u8 flags; and the name, a string literal. */
const ARITY: usize = memory.data(64);
const FLAGS: usize = memory.data(64);
const NAMES: usize = memory.data(64 * 4);

export function initCommands(): void {
  define(ID_GET, 'get', 2, 0);
  define(ID_SET, 'set', -3, WRITE | DENY_OOM);
  define(ID_DEL, 'del', -2, WRITE | ALL_KEYS);
  define(ID_UNLINK, 'unlink', -2, WRITE | ALL_KEYS);
  define(ID_EXISTS, 'exists', -2, ALL_KEYS);
  define(ID_TYPE, 'type', 2, 0);
  define(ID_INCR, 'incr', 2, WRITE | DENY_OOM);
  define(ID_DECR, 'decr', 2, WRITE | DENY_OOM);
  define(ID_INCRBY, 'incrby', 3, WRITE | DENY_OOM);
  define(ID_DECRBY, 'decrby', 3, WRITE | DENY_OOM);
  define(ID_APPEND, 'append', 3, WRITE | DENY_OOM);
  define(ID_STRLEN, 'strlen', 2, 0);
  define(ID_MGET, 'mget', -2, ALL_KEYS);
  define(ID_MSET, 'mset', -3, WRITE | DENY_OOM | PAIRS);
  define(ID_EXPIRE, 'expire', -3, WRITE);
  define(ID_PEXPIRE, 'pexpire', -3, WRITE);
  define(ID_EXPIREAT, 'expireat', -3, WRITE);
  define(ID_PEXPIREAT, 'pexpireat', -3, WRITE);
  define(ID_TTL, 'ttl', 2, 0);
  define(ID_PTTL, 'pttl', 2, 0);
  define(ID_EXPIRETIME, 'expiretime', 2, 0);
  define(ID_PEXPIRETIME, 'pexpiretime', 2, 0);
  define(ID_PERSIST, 'persist', 2, WRITE);
  define(ID_SETNX, 'setnx', 3, WRITE | DENY_OOM);
  define(ID_SETEX, 'setex', 4, WRITE | DENY_OOM);
  define(ID_PSETEX, 'psetex', 4, WRITE | DENY_OOM);
  define(ID_GETSET, 'getset', 3, WRITE | DENY_OOM);
  define(ID_GETDEL, 'getdel', 2, WRITE);
  define(ID_GETEX, 'getex', -2, WRITE);
  define(ID_PING, 'ping', -1, NO_KEY);
  define(ID_SELECT, 'select', 2, NO_KEY);
  define(ID_MSETNX, 'msetnx', -3, WRITE | DENY_OOM | PAIRS);
  define(ID_SETRANGE, 'setrange', 4, WRITE | DENY_OOM);
  define(ID_GETRANGE, 'getrange', 4, 0);
  define(ID_SUBSTR, 'substr', 4, 0);
  define(ID_SETBIT, 'setbit', 4, WRITE | DENY_OOM);
  define(ID_GETBIT, 'getbit', 3, 0);
  define(ID_BITCOUNT, 'bitcount', -2, 0);
  define(ID_BITPOS, 'bitpos', -3, 0);
  define(ID_BITOP, 'bitop', -4, WRITE | DENY_OOM | NO_KEY);
}

/** @returns the command's id; 0: not the core's. Reads up to eight bytes past the name's end. @inline */
export function findCommand(name: usize, length: u32): u32 {
  if (length - 3 > 8) return 0;
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
    slot = (slot + 1) & 127;
  }
}

export function isWrite(id: u32): bool {
  return (load<u8>(FLAGS + id) & WRITE) !== 0;
}

export function deniesOom(id: u32): bool {
  return (load<u8>(FLAGS + id) & DENY_OOM) !== 0;
}

export function hasArity(id: u32, argc: u32): bool {
  const arity = <i32>load<i8>(ARITY + id);
  return arity >= 0 ? argc === <u32>arity : argc >= <u32>-arity;
}

export function nameOf(id: u32): string {
  return changetype<string>(<usize>load<u32>(NAMES + (id << 2)));
}

export function arityOf(id: u32): i32 {
  return load<i8>(ARITY + id);
}

/** What the host may know: WRITE, DENY_OOM. */
export function flagsOf(id: u32): u32 {
  return load<u8>(FLAGS + id) & (WRITE | DENY_OOM);
}

/** @returns the distance between a command's keys, the first being argument 1; 0: it has none. */
export function keyStepOf(id: u32): u32 {
  const where = <u32>load<u8>(FLAGS + id) & (NO_KEY | ALL_KEYS | PAIRS);
  if (where === 0) return id === 0 ? 0 : ONLY_ONE;
  if (where === NO_KEY) return 0;
  return where === ALL_KEYS ? 1 : 2;
}

/** A step past any argument there can be. */
const ONLY_ONE: u32 = 0x100000;

function define(id: u32, name: string, arity: i32, flags: u32): void {
  store<i8>(ARITY + id, <i8>arity);
  store<u8>(FLAGS + id, <u8>flags);
  store<u32>(NAMES + (id << 2), <u32>changetype<usize>(name));
  const length = <u32>name.length;
  const text = memory.data(16);
  memory.fill(text, 0, 16);
  for (let i: u32 = 0; i < length; i++) store<u8>(text + i, <u8>name.charCodeAt(i));
  const first = firstBytes(text, length);
  let slot = slotOf(first, length);
  while (load<u8>(SLOTS + slot * 24, 20) !== 0) slot = (slot + 1) & 127;
  const at = SLOTS + slot * 24;
  store<u64>(at, first);
  store<u64>(at, lastBytes(text, length), 8);
  store<u32>(at, length, 16);
  store<u8>(at, <u8>id, 20);
}

function firstBytes(name: usize, length: u32): u64 {
  const word = load<u64>(name) & FOLD;
  return length >= 8 ? word : word & (((<u64>1) << (length << 3)) - 1);
}

function lastBytes(name: usize, length: u32): u64 {
  return length <= 8 ? 0 : load<u64>(name + length - 8) & FOLD;
}

function slotOf(first: u64, length: u32): u32 {
  return <u32>(((first ^ length) * 0x9e3779b97f4a7c15) >> 57);
}
