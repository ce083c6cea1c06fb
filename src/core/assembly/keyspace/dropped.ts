/**
 * Handles whose entries are gone: a queue that the host empties (DROPPED_PTR, DROPPED_LEN), so that
 * it frees the objects behind them. Losing a handle only loses memory, so a full queue drops some.
 */
import { allocate, blockSize, reallocate } from '../allocator/slabs';
import { DROPPED_LEN, DROPPED_PTR } from '../layout';

export function dropHandle(handle: u32): void {
  const length = load<u32>(DROPPED_LEN);
  let queue: usize = load<u32>(DROPPED_PTR);
  if (queue === 0) queue = allocate(1024);
  else if (length + 4 > blockSize(queue)) queue = reallocate(queue, length, length << 1);
  if (queue === 0) return;
  store<u32>(DROPPED_PTR, <u32>queue);
  store<u32>(queue + length, handle);
  store<u32>(DROPPED_LEN, length + 4);
}
