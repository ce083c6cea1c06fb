/** A slice of a core's snapshot, copied out of its memory. */
import type { Core } from '../../src/core/core.js';

export function snapshotSlice(
  core: Core,
  maxBytes: number,
): { readonly bytes: Buffer; readonly isLast: boolean } {
  const { at, length, isLast } = core.snapshots.step(maxBytes);
  const bytes = core.copyOut(at, length);
  core.snapshots.give(at);
  return { bytes, isLast };
}
