/**
 * A stream's entries page by page for the host, which wants all of them (DEBUG DIGEST): of each its
 * id as `ms.sequence`, then its fields and values in turn.
 *
 * A page has the entries of one leaf of the map of nodes.
 */
import { writeUnsigned } from '../bytes';
import { writeRaw, writeU32 } from '../snapshot/writer';
import { entryIn, leafAt, leafCount } from './id-map';
import { textAt, textLength } from './listpack';
import { nodesOf } from './stream';
import { entryMs, entrySeq, nextPart, openParts, startWalk, walk } from './stream-walk';

const TEXT: usize = memory.data(48);

/** @param cursor - 0 begins. @returns the cursor of the next page; 0: that was all. */
export function writeStreamPage(stream: usize, cursor: u32): u32 {
  const nodes = nodesOf(stream);
  const leaves = leafCount(nodes);
  if (cursor >= leaves) return 0;
  let ms: u64 = 0;
  let seq: u64 = 0;
  if (cursor !== 0) {
    const first = entryIn(nodes, leafAt(nodes, cursor), 0);
    ms = load<u64>(first);
    seq = load<u64>(first, 8);
  }
  const next = cursor + 1;
  let lastMs: u64 = u64.MAX_VALUE;
  let lastSeq: u64 = u64.MAX_VALUE;
  if (next < leaves) {
    const behind = entryIn(nodes, leafAt(nodes, next), 0);
    lastMs = load<u64>(behind);
    lastSeq = load<u64>(behind, 8) - 1;
    if (lastSeq === u64.MAX_VALUE) lastMs--;
  }
  startWalk(stream, ms, seq, lastMs, lastSeq, false);
  while (walk()) writeEntry();
  return next < leaves ? next : 0;
}

function writeEntry(): void {
  const dot = writeUnsigned(TEXT, entryMs);
  store<u8>(dot, 0x2e);
  writeElement(TEXT, <u32>(writeUnsigned(dot + 1, entrySeq) - TEXT));
  openParts();
  while (nextPart()) writeElement(textAt, textLength);
}

function writeElement(at: usize, length: u32): void {
  writeU32(length);
  writeRaw(at, length);
}
