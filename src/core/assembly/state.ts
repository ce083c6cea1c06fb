/**
 * What a call runs with: flags, database, clock, and the count of changes. Set by begin().
 */
import { DIRTY, FLAG_APPLY, FLAG_REPLICA, NOW } from './layout';
import { Table } from './keyspace/table';

export let flags: u32 = 0;
/** The database's number and its table. */
export let database: i32 = 0;
export let table: Table = changetype<Table>(0);
/** Unix ms. */
export let now: i64 = 0;
/** Unix seconds modulo 2^24, shifted to where an entry keeps it. */
export let accessClock: u32 = 0;
/** The stream of a master is being followed: no replies, no expiry, nothing appended by commands. */
export let applying: bool = false;

let tables: usize = 0;
export let databases: i32 = 0;

export function initState(first: usize, count: i32): void {
  tables = first;
  databases = count;
}

export function tableOf(id: i32): Table {
  return changetype<Table>(tables + <usize>id * offsetof<Table>());
}

export function begin(withFlags: u32, withDatabase: i32): void {
  flags = withFlags;
  applying = (withFlags & FLAG_APPLY) !== 0;
  now = load<i64>(NOW);
  accessClock = (<u32>(now / 1000) & 0xffffff) << 8;
  useDatabase(withDatabase);
}

export function useDatabase(id: i32): void {
  database = id;
  table = tableOf(id);
}

/** Whether a key whose time has come is the master's to delete. */
export function followsMaster(): bool {
  return (flags & (FLAG_APPLY | FLAG_REPLICA)) !== 0;
}

export function addDirty(changes: u32): void {
  store<u32>(DIRTY, load<u32>(DIRTY) + changes);
}

export function bump(counter: usize): void {
  store<u64>(counter, load<u64>(counter) + 1);
}
