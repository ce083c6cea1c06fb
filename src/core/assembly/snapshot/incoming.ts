/**
 * The incoming databases: where a data set is loaded while the old one is served.
 *
 * Rule: nothing looks into them but the loading. They have no part in a snapshot, in expiry,
 * eviction and defragmentation, and no client is told of their keys. When all is loaded they take
 * the old databases' places at once; a snapshot under way then goes on with what was there.
 *
 * @see redis/redis 7.0.15 src/db.c, swapMainDbWithTempDb(); src/replication.c,
 * disklessLoadInitTempDb()
 */
import { NO_SNAPSHOT } from '../keyspace/table';
import { swapTables } from '../keyspace/table-memory';
import { closeStructure, openStructure } from '../keyspace/versions';
import { databases, incomingOf, tableOf } from '../state';
import { flushTable, letEpochsIn, snapshotsBegun } from './snapshot';

/** Snapshots that had begun when the present data set's loading began. */
let since: u32 = 0;

/** A data set is about to be loaded. */
export function openIncoming(): void {
  dropIncoming();
  since = snapshotsBegun();
}

/** It takes the place of the old one, which freeDiscarded() frees. */
export function swapIncoming(): void {
  // To the readers of other threads it is one change.
  openStructure();
  for (let id = 0; id < databases; id++) {
    flushTable(tableOf(id), true);
    swapTables(tableOf(id), incomingOf(id));
    incomingOf(id).snapshotId = NO_SNAPSHOT;
  }
  letEpochsIn(since);
  closeStructure();
}

/** It is thrown away, to be freed likewise. */
export function dropIncoming(): void {
  for (let id = 0; id < databases; id++) flushTable(incomingOf(id), true);
}
