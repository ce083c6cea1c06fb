/** What Node has from 20.19 on, and its types of that version have not. */
import type { TransferListItem } from 'node:worker_threads';

declare module 'node:worker_threads' {
  /** Rejects if that thread is gone, or listens to no `workerMessage`. */
  function postMessageToThread(
    threadId: number,
    value: unknown,
    transferList: readonly TransferListItem[],
    timeoutMs?: number,
  ): Promise<void>;
}
