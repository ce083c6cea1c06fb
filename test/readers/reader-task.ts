/** What a reader thread is given, and the key that it looks at most. */
import type { ClusterHandle, ReadFrom } from '../../src/index.js';

export interface ReaderTask {
  readonly handle: ClusterHandle;
  readonly board: SharedArrayBuffer;
  readonly tally: SharedArrayBuffer;
  readonly read: ReadFrom;
  readonly maxStalenessMs: number;
  readonly keys: number;
  readonly seed: number;
}

/** Written with every batch. */
export const STAMP = 'stamp';
