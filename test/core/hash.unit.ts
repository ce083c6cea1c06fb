/** The hash spreads keys over the buckets as chance would. */
import test from 'ava';
import { SCAN_LEN } from '../../src/core/assembly/layout.js';
import { Bench } from './fixtures/bench.js';

const KINDS: Record<string, (i: number) => string> = {
  short: (i) => `k${i}`,
  counted: (i) => `key:${i}`,
  padded: (i) => `key:${String(i).padStart(12, '0')}`,
  binary: (i) => String.fromCharCode(i & 255, (i >> 8) & 255, 0, 0),
  long: (i) => `session:${'x'.repeat(40)}:${i * 1000}`,
};

for (const [name, key] of Object.entries(KINDS)) {
  test(`no chain of ${name} keys is longer than chance makes it`, (t) => {
    for (const seed of [1, 99]) {
      const { core } = new Bench({ seed });
      for (let i = 0; i < 20_000; i++) core.run(['SET', Buffer.from(key(i), 'latin1'), 'v'], 0, 0);
      let cursor = 0;
      let chains = 0;
      let longest = 0;
      let squares = 0;
      do {
        cursor = core.exports.scan(0, cursor | 0, 1) >>> 0;
        const length = core.readU32(SCAN_LEN);
        chains++;
        longest = Math.max(longest, length);
        squares += length * length;
      } while (cursor !== 0);
      // A key shares its chain with some eleven others: nine on average, more in those not yet
      // split.
      const neighbours = squares / core.exports.keyCount(0);
      t.true(neighbours < 13 && longest < 40, `${neighbours}, ${longest} in ${chains} chains`);
    }
  });
}
