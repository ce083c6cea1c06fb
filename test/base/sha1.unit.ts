import { createHash } from 'node:crypto';
import test from 'ava';
import * as fc from 'fast-check';
import { sha1 } from '../../src/base/sha1.js';

test('any bytes have the digest that Node gives them', (t) => {
  for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000]) {
    const bytes = Buffer.alloc(length, 'x');
    t.is(Buffer.from(sha1(bytes)).toString('hex'), createHash('sha1').update(bytes).digest('hex'));
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) =>
      Buffer.from(sha1(bytes)).equals(createHash('sha1').update(bytes).digest()),
    ),
  );
});
