/**
 * The data core's exports: what src/core/core.ts calls. One instance runs on a memory, in the
 * thread that owns it; what other threads may touch is in layout.ts.
 *
 * Invariants are asserted: a broken one throws in the host, which ends the node. What costs next to
 * nothing is always on; what does not stands behind CHECKED, a constant that asconfig.json makes 1
 * in the debug build and 0 in the release.
 */
import { PAGE_TABLE } from './allocator/pages';
import { initAllocator } from './allocator/slabs';
import { DEFAULT_PLAIN_BYTES, LIST_PLAIN_BYTES } from './collections/layout';
import { initCommands } from './commands/bindings';
import { initHash } from './hash';
import { MAGIC, MAGIC_VALUE } from './layout';
import { initArguments } from './protocol/arguments';
import { initAreas, initDatabases } from './keyspace/host';
import { openReplies } from './protocol/reply';
import { initRing } from './stream/ring';

export { execute } from './commands/dispatch';
export { findCommand, retireCommand } from './commands/table';
export { nameCommand } from './commands/window';
export {
  aheadBytes,
  aheadCommands,
  aheadWrites,
  transactionAhead,
} from './commands/transaction-ahead';
export {
  averageTtl,
  bucketCount,
  closeString,
  copyKey,
  deleteKey,
  footprint,
  flushDatabase,
  frequency,
  inputArea,
  keepLimit,
  keyCount,
  lookup,
  measure,
  moveKey,
  openString,
  ownExpiryCount,
  putString,
  randomEntry,
  scan,
  scratchArea,
  swapDatabases,
  volatileCount,
} from './keyspace/host';
export { awaitKey, forgetAwaited } from './keyspace/awaited';
export {
  abandonLoad,
  dumpEntry,
  elementCount,
  encodingOf,
  findHashField,
  putHashField,
  readPage,
  restoreKey,
} from './keyspace/host-values';
export { moveElement, popList, readList } from './keyspace/host-lists';
export { readRanks } from './keyspace/host-ranks';
export { findZsetScore, popScored, readScoreRange } from './keyspace/host-zset';
export { activeExpire } from './keyspace/active-expire';
export { beginDefrag, stepDefrag } from './keyspace/defrag';
export { changeStream, createStream, signalStream, streamAt } from './keyspace/host-streams';
export {
  streamAcknowledge,
  streamAddConsumer,
  streamAddGroup,
  streamAssign,
  streamConsumer,
  streamDistance,
  streamGroup,
  streamHas,
  streamItemIds,
  streamItems,
  streamNodes,
  streamPending,
  streamPendingCount,
  streamPendingFrom,
  streamPendingUpTo,
  streamRemoveConsumer,
  streamRemoveGroup,
  streamTreeNodes,
} from './collections/stream-host';
export { freeDiscarded } from './keyspace/discarded';
export { crc64 } from './snapshot/crc64';
export { loadEntries } from './snapshot/load';
export { dropIncoming, openIncoming, swapIncoming } from './snapshot/incoming';
export { giveOutput, takeOutput } from './snapshot/output';
export { beginSnapshot, endSnapshot, stepSnapshot } from './snapshot/snapshot';
export {
  appendCommand,
  appended,
  backlogMemory,
  cutAppended,
  publish,
  resetHistory,
  grow,
  resize,
  unfence,
} from './stream/host';

/** @returns whether memory sufficed. Call once, on a fresh memory. */
export function init(databases: i32, ringBytes: u32, seedLow: u32, seedHigh: u32): bool {
  assert(__heap_base <= PAGE_TABLE, 'static data runs into the page table');
  initAllocator();
  initHash(seedLow, seedHigh);
  store<u32>(LIST_PLAIN_BYTES, DEFAULT_PLAIN_BYTES);
  initCommands();
  if (!initArguments() || !openReplies() || !initRing(ringBytes)) return false;
  if (!initAreas() || !initDatabases(databases)) return false;
  atomic.store<u32>(MAGIC, MAGIC_VALUE);
  return true;
}
