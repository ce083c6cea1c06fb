import test from 'ava';
import { createHash } from 'node:crypto';
import { sha256Hex } from '../../src/base/sha256.js';

test('SHA-256 is that of Node, at every length around its blocks', (t) => {
  for (let length = 0; length < 140; length++) {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 7 + length) % 256);
    t.is(sha256Hex(bytes), createHash('sha256').update(bytes).digest('hex'), String(length));
  }
});
