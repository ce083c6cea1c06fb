import test from 'ava';

import { logLine } from '../../src/cli/log-line.js';

test('a line is as redis-server prints it', (t) => {
  const at = new Date(2026, 10, 2, 3, 4, 5, 6).getTime();
  t.is(
    logLine(4711, 'M', at, 'notice', 'Ready to accept connections'),
    '4711:M 02 Nov 2026 03:04:05.006 * Ready to accept connections',
  );
  t.is(logLine(1, 'C', at, 'warning', 'x'), '1:C 02 Nov 2026 03:04:05.006 # x');
});
