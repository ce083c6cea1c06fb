/**
 * A point-in-time snapshot without fork (Dragonfly's version cut).
 *
 * Rule: begin raises the epoch. An entry whose epoch is another has not been written out yet; who
 * is about to change or delete it writes it out first (beforeChange). The steps walk the tables in
 * SCAN's order, which meets every entry that was there from the beginning however the table grows
 * meanwhile, and write out those of another epoch. New entries are born with the new epoch.
 * So what comes out, in whatever order, is what was there at the beginning, each entry once.
 *
 * SWAPDB exchanges the contents of tables. What is walked is contents, by the number they had at
 * the beginning (snapshotId), wherever they are now.
 *
 * A table that is flushed meanwhile is set aside, to be walked before it is freed: a flush then
 * costs neither time nor a burst of output.
 */
import { detach, discard, Discarded, freeNow, freeTable } from '../keyspace/discarded';
import { epochOf, storeEpoch } from '../keyspace/entry';
import { fetchBucket } from '../keyspace/fetch';
import {
  bucketAt,
  cursorBucket,
  nextCursor,
  nextInChain,
  NO_SNAPSHOT,
  openChain,
  Table,
} from '../keyspace/table';
import { SNAPSHOT_DONE, SNAPSHOT_FAILED, SNAPSHOT_KEYS, SNAPSHOT_MORE } from '../layout';
import { noteBytes } from '../slow';
import { databases, tableOf } from '../state';
import { dropFrozen, freeze, hasFrozenFailed, openFreezer, stepFrozen } from './frozen';
import { firstHold } from './held';
import { closeOutput, expectSlices, openOutput, outputEntry, outputLength } from './output';

/**
 * A step looks at no more buckets than this, so that a walk over what is already out pauses too.
 */
const MAX_BUCKETS: u32 = 8192;

/** What new and written-out entries carry. */
export let snapshotEpoch: u8 = 0;

let isActive: bool = false;
let hasFailed: bool = false;
/** Where the walk stands. */
let walked: i32 = 0;
let cursor: u32 = 0;
/**
 * Snapshots begun since all entries last carried one epoch: 256 would make the epochs come round.
 */
let unfinished: u32 = 0;
const MAX_UNFINISHED: u32 = 200;
let begunEver: u32 = 0;
/** What is `unfinished` once the snapshot under way is over. */
let unfinishedAfter: u32 = 0;

/** Tables flushed since the snapshot began (Discarded), to be walked before they are freed. */
let aside: usize = 0;

/**
 * From now on the keyspace as it is will be written out.
 *
 * @param compresses - long strings, where that makes them shorter.
 */
export function beginSnapshot(compresses: bool): void {
  if (unfinished >= MAX_UNFINISHED) equalizeEpochs();
  unfinished++;
  unfinishedAfter = 0;
  begunEver++;
  snapshotEpoch++;
  isActive = true;
  hasFailed = false;
  walked = 0;
  cursor = 0;
  for (let id = 0; id < databases; id++) tableOf(id).snapshotId = id;
  openFreezer();
  openOutput(compresses);
}

/** Whoever changes or deletes an entry calls this first. */
export function beforeChange(table: Table, entry: usize): void {
  if (!isActive || epochOf(entry) === snapshotEpoch) return;
  if (table.snapshotId === NO_SNAPSHOT) return;
  const before = outputLength();
  writeOut(entry, table.snapshotId);
  noteBytes(outputLength() - before);
}

/**
 * Write out the next slice.
 *
 * @param bytes - stop once the output, with what changes have put into it since, is that long; an
 *   entry is never cut, so it may end up longer.
 */
export function stepSnapshot(bytes: u32): i32 {
  expectSlices(bytes);
  let buckets: u32 = 0;
  while (!hasFailed && outputLength() < bytes && buckets++ < MAX_BUCKETS) {
    if (firstHold() !== 0) {
      if (!stepFrozen(bytes)) hasFailed = true;
    } else if (walked < databases) walkBucket(walkedTable());
    else if (aside !== 0) walkAside();
    else {
      isActive = false;
      unfinished = unfinishedAfter;
      return SNAPSHOT_DONE;
    }
  }
  return hasFailed || hasFrozenFailed ? SNAPSHOT_FAILED : SNAPSHOT_MORE;
}

/** Give up or finish: free the output; what was set aside need not be walked any more. */
export function endSnapshot(): void {
  isActive = false;
  dropFrozen();
  closeOutput();
  while (aside !== 0) letGo();
}

/**
 * Delete all keys of a table. While a snapshot runs their memory is kept until they are written
 * out.
 *
 * @param isLazy - leave it to freeDiscarded() to free them.
 */
export function flushTable(table: Table, isLazy: bool): void {
  if (table.directory === 0) return;
  const block = detach(table);
  if (block === 0) {
    // No memory to set it aside: this snapshot cannot be saved.
    if (isActive && table.snapshotId !== NO_SNAPSHOT) hasFailed = true;
    freeTable(table);
    return;
  }
  if (isActive && table.snapshotId !== NO_SNAPSHOT) {
    changetype<Discarded>(block).next = aside;
    aside = block;
  } else if (isLazy) discard(block);
  else freeNow(block);
}

/** @returns the table that now holds the contents at which the walk stands. */
function walkedTable(): Table {
  let id = walked;
  // Each number is some table's, and nearly always its own.
  for (let other = 0; tableOf(id).snapshotId !== walked; other++) id = other;
  return tableOf(id);
}

function writeOut(entry: usize, database: i32): void {
  storeEpoch(entry, snapshotEpoch);
  store<u32>(SNAPSHOT_KEYS, load<u32>(SNAPSHOT_KEYS) + 1);
  if (freeze(entry, database)) return;
  if (!outputEntry(entry, database)) hasFailed = true;
}

/** Not to be optimised away, that is all. */
let fetched: u32 = 0;

/** Buckets whose entries are fetched side by side. */
const AHEAD: u32 = 4;
/** Buckets fetched that the walk has not come to. */
let fetchedBuckets: u32 = 0;

/** Bring what the walk comes to next into the cache, buckets first, then their entries. */
function fetchAhead(table: Table): void {
  let sum: u32 = 0;
  let at = cursor;
  for (let i: u32 = 0; i < AHEAD; i++) {
    sum += load<u8>(bucketAt(table, cursorBucket(table, at)));
    at = nextCursor(table, at);
  }
  at = cursor;
  for (let i: u32 = 0; i < AHEAD; i++) {
    sum += fetchBucket(table, cursorBucket(table, at));
    at = nextCursor(table, at);
  }
  fetched = sum;
  fetchedBuckets = AHEAD - 1;
}

function walkBucket(table: Table): void {
  if (table.count !== 0) {
    if (fetchedBuckets === 0) fetchAhead(table);
    else fetchedBuckets--;
    const bucket = cursorBucket(table, cursor);
    openChain(table, bucket);
    for (let entry = nextInChain(); entry !== 0; entry = nextInChain()) beforeChange(table, entry);
    cursor = nextCursor(table, cursor);
  } else cursor = 0;
  if (cursor === 0) walked++;
}

/** Write out the next chain of a table that was flushed; after the last it can be freed. */
function walkAside(): void {
  const kept = changetype<Discarded>(aside);
  const table = kept.table;
  openChain(table, kept.done++);
  for (let entry = nextInChain(); entry !== 0; entry = nextInChain()) beforeChange(table, entry);
  if (kept.done === table.buckets) letGo();
}

function letGo(): void {
  const next = changetype<Discarded>(aside).next;
  discard(aside);
  aside = next;
}

/** @returns what letEpochsIn() wants to know: how many snapshots have begun. */
export function snapshotsBegun(): u32 {
  return begunEver;
}

/**
 * The contents of all tables are others now, which no snapshot under way has to do with: they were
 * loaded while as many as `since` tells of, and their entries carry the epochs of that time.
 */
export function letEpochsIn(since: u32): void {
  walked = databases;
  unfinishedAfter = min<u32>(begunEver - since, MAX_UNFINISHED);
  unfinished += unfinishedAfter;
}

function equalizeEpochs(): void {
  for (let id = 0; id < databases; id++) {
    const table = tableOf(id);
    for (let index: u32 = 0; index < table.buckets; index++) {
      openChain(table, index);
      for (let entry = nextInChain(); entry !== 0; entry = nextInChain()) {
        storeEpoch(entry, snapshotEpoch);
      }
    }
  }
  unfinished = 0;
}
