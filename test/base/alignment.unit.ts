import test from 'ava';
import { alignmentOf, allocateAligned, joinAligned } from '../../src/base/alignment.js';

test('bytes are allocated at the place within a word that was asked for', (t) => {
  for (const length of [0, 1, 200, 70_000]) {
    for (let alignment = 0; alignment < 8; alignment++) {
      const bytes = allocateAligned(length, alignment);
      t.is(alignmentOf(bytes), alignment);
      t.is(bytes.length, length);
    }
  }
});

test('pieces are joined with the longest at its place within a word', (t) => {
  const long = Buffer.from('..a long piece').subarray(2);
  const pieces = [Buffer.from('short '), long, Buffer.from(', short')];
  for (const room of [Buffer.alloc(0), Buffer.alloc(10), Buffer.alloc(64).subarray(3)]) {
    const joined = joinAligned(pieces, room);
    t.is(joined.toString(), 'short a long piece, short');
    t.is((joined.byteOffset + 'short '.length) & 7, alignmentOf(long));
    t.is(joined.buffer === room.buffer, room.length === 61);
  }
  t.is(joinAligned([], Buffer.alloc(8)).length, 0);
});
