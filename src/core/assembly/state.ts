/**
 * What a call runs with: flags, database, clock, and the count of changes. Set by begin().
 */
import {
  DATABASES,
  DIRTY,
  FLAG_APPLY,
  FLAG_KEEP_ALL,
  FLAG_REPLICA,
  MAXMEMORY,
  MAXMEMORY_POLICY,
  NOW,
  POLICY_LFU,
  REPLICA_EVICTS,
  TABLES,
} from './layout';
import { Table } from './keyspace/table';
import { beginVersions } from './keyspace/versions';

export let flags: u32 = 0;
/** The database's number and its table. */
export let database: i32 = 0;
export let table: Table = changetype<Table>(0);
/** Unix ms. */
export let now: i64 = 0;
/** What a key used now, or new, has in its access clock, shifted to where an entry keeps it. */
export let accessClock: u32 = 0;
/**
 * The stream of a master is being followed: no replies, no expiry, nothing appended by commands.
 */
export let applying: bool = false;

/** Access clocks hold frequencies: the policy is one of LFU. */
export let countsFrequency: bool = false;
/** There is a `maxmemory`, and it is this call's to keep. */
export let isLimited: bool = false;

/** The frequency of a new key: it has to be left alone for some minutes before it is the least. */
const NEW_FREQUENCY: u32 = 5;

let tables: usize = 0;
export let databases: i32 = 0;

export function initState(first: usize, count: i32): void {
  tables = first;
  databases = count;
  store<u32>(TABLES, <u32>first);
  store<u32>(DATABASES, count);
}

/**
 * Behind the databases that clients see lie as many incoming ones: a data set is loaded there while
 * the old one is served, then takes its place, or is thrown away (snapshot/incoming.ts).
 */
export function incomingOf(id: i32): Table {
  return tableOf(databases + id);
}

export function tableOf(id: i32): Table {
  return changetype<Table>(tables + <usize>id * offsetof<Table>());
}

export function begin(withFlags: u32, withDatabase: i32): void {
  beginVersions();
  flags = withFlags;
  applying = (withFlags & FLAG_APPLY) !== 0;
  now = load<i64>(NOW);
  countsFrequency = (load<u32>(MAXMEMORY_POLICY) & POLICY_LFU) !== 0;
  accessClock = countsFrequency
    ? ((<u32>(now / 60000)) << 16) | (NEW_FREQUENCY << 8)
    : (<u32>(now / 1000) & 0xffffff) << 8;
  isLimited =
    load<i64>(MAXMEMORY) !== 0 &&
    (withFlags & FLAG_KEEP_ALL) === 0 &&
    (!followsMaster() || load<u32>(REPLICA_EVICTS) !== 0);
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
