/** What the host gave to other machines, out of the kernel's account. */
import test from 'ava';
import { parseProcessorTime, stolenPercent } from '../../bench/stolen-time.js';

test('the first line is about all processors; guests are users', (t) => {
  const stat = 'cpu  10 1 5 70 2 3 4 5 8 0\ncpu0 10 1 5 70 2 3 4 5 8 0\nintr 1 2 3\n';
  t.deepEqual(parseProcessorTime(stat), { all: 100, stolen: 5 });
});

test('no such account: nothing', (t) => {
  for (const stat of ['', 'cpu  1 2 3 4', 'cpu0 1 2 3 4 5 6 7 8 9 10\n', 'intr 1 2 3 4 5 6 7 8']) {
    t.is(parseProcessorTime(stat), null, stat);
  }
  t.is(stolenPercent(null, { all: 1, stolen: 0 }), null);
});

test('percent of the time between two looks', (t) => {
  t.is(stolenPercent({ all: 100, stolen: 5 }, { all: 300, stolen: 55 }), 25);
  t.is(stolenPercent({ all: 100, stolen: 5 }, { all: 100, stolen: 5 }), null, 'no time has passed');
});
