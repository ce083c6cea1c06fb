/**
 * Faults that an operator injects into a live actor: the ways in which a thread really dies.
 *
 * Each takes the road that the real thing takes: the throw is uncaught, the exit is process.exit,
 * the memory is allocated until V8 gives up. Nothing is announced beforehand.
 */
import { assertNever } from '../base/assert.js';

export type Fault =
  /** An uncaught exception, as a broken invariant throws it. */
  | 'throw'
  /** process.exit() inside the thread. */
  | 'exit'
  /** Allocates until the thread's heap limit kills it. */
  | 'out-of-memory'
  /** An endless loop: the thread lives and never answers again. */
  | 'hang';

export const FAULTS: readonly Fault[] = ['throw', 'exit', 'out-of-memory', 'hang'];

/** 8-byte numbers per allocation: 1 MB, small enough that the limit, not one request, is hit. */
const NUMBERS_PER_CHUNK = 128 * 1024;

/** Do it. Must be called from a callback whose throw nothing catches. */
export function performFault(fault: Fault): void {
  switch (fault) {
    case 'throw':
      throw new Error('injected fault: throw');
    case 'exit':
      process.exit(1);
      break;
    case 'out-of-memory': {
      const hoard: number[][] = [];
      for (;;) hoard.push(Array.from({ length: NUMBERS_PER_CHUNK }, (_, i) => i + 0.5));
    }
    case 'hang':
      for (;;);
    default:
      assertNever(fault);
  }
}
