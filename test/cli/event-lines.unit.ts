import test from 'ava';

import { printEvents } from '../../src/cli/event-lines.js';
import { until } from '../support/until.js';
import { startToys } from '../cluster/fixtures/toys.js';

test('a failover, as its lines tell it', async (t) => {
  const cluster = await startToys(t, { sentinels: 1 });
  const lines: string[] = [];
  printEvents(
    cluster,
    (line) => lines.push(line),
    () => new Date(2026, 0, 1, 2, 3, 4, 5).getTime(),
  );
  await cluster.kill('node-0');
  await until(() => lines.some((line) => line.includes('node-0      up on')));
  const expected = [
    'node-0      down: exit (exit code 1)',
    'node-0      was master: waits for the failover',
    'sentinel-0  +sdown master mymaster 127.0.0.1 7000',
    'node-1      role-changed master',
    'sentinel-0  +switch-master mymaster 127.0.0.1 7000 127.0.0.1 7001',
    'node-1      is the new master, 127.0.0.1:7001',
    'node-0      up on 127.0.0.1:7000',
  ];
  for (const line of expected) t.true(lines.includes(`02:03:04.005  ${line}`), line);
});
