/**
 * An actor's thread, as the main thread sees it: started, wired, and its end told once and truly.
 */
import { Worker } from 'node:worker_threads';

import type { DownReason, ThreadData } from './messages.js';
import { MAIN_INDEX, type PartitionMatrix } from './partition.js';
import { threadFlags } from './thread-flags.js';
import { Wire } from './wire.js';

/** How a thread ended. */
export interface ThreadEnd {
  readonly reason: Exclude<DownReason, 'unresponsive'>;
  /** For people: the error's text, or the exit code. */
  readonly detail: string;
}

export interface Thread {
  /** The line between main thread and actor. */
  readonly wire: Wire;
  /** End it now, as SIGKILL ends a process. Resolves when it is gone. */
  terminate(): Promise<void>;
}

/**
 * MB for what a sentinel or a coordinator has just made, INFO replies mostly, and soon forgets. V8
 * would let it grow
 * to 48 before it looks; a node, which may have a lot to do, has that.
 */
const CONTROL_YOUNG_MB = 2;

/**
 * Start a thread.
 *
 * @param entry - the compiled entry file; it must call `enterThread`.
 * @param heapMb - MB of JavaScript heap at which V8 ends the thread (a node's strings and backlog
 * live outside the heap).
 * @param onEnd - called once, when the thread is gone and runs no more code.
 */
export function spawnThread(
  entry: URL,
  data: ThreadData,
  heapMb: number,
  partition: PartitionMatrix,
  onEnd: (end: ThreadEnd) => void,
): Thread {
  const worker = new Worker(entry, {
    name: data.id,
    workerData: data,
    ...threadFlags(),
    resourceLimits: {
      maxOldGenerationSizeMb: heapMb,
      ...(data.kind === 'node' ? {} : { maxYoungGenerationSizeMb: CONTROL_YOUNG_MB }),
    },
  });
  let error: (Error & { code?: string }) | null = null;
  worker.on('error', (thrown: unknown) => {
    error = thrown instanceof Error ? thrown : new Error(String(thrown));
  });
  worker.on('exit', (code) => onEnd(describeEnd(code, error)));
  const wire = new Wire({
    port: worker,
    counters: data.counters,
    side: 0,
    partition,
    ownIndex: MAIN_INDEX,
    peerIndex: data.index,
  });
  return {
    wire,
    async terminate() {
      await worker.terminate();
    },
  };
}

function describeEnd(code: number, error: (Error & { code?: string }) | null): ThreadEnd {
  if (error === null) return { reason: 'exit', detail: `exit code ${code}` };
  const reason = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'oom' : 'error';
  return { reason, detail: error.message };
}
