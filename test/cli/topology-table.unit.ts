import test from 'ava';

import { topologyTable } from '../../src/cli/topology-table.js';

test('one line for each actor', (t) => {
  const table = topologyTable({
    nodes: () => [
      { id: 'node-0', role: 'master', host: '127.0.0.1', port: 6379, offset: 0, state: 'up' },
      { id: 'node-1', role: 'replica', host: '127.0.0.1', port: 6380, offset: 0, state: 'frozen' },
    ],
    sentinels: () => [{ id: 'sentinel-0', host: '127.0.0.1', port: 26_379, state: 'up' }],
  });
  const lines = table.split('\n').filter((line) => line.includes('127.0.0.1'));
  t.is(lines.length, 3);
  t.regex(lines[0] ?? '', /node-0 +. master +. 127.0.0.1:6379 +. up/);
  t.regex(lines[1] ?? '', /node-1 +. replica +. 127.0.0.1:6380 +. frozen/);
  t.regex(lines[2] ?? '', /sentinel-0 . sentinel . 127.0.0.1:26379 . up/);
});

test('a terminal that is too narrow for a table gets a line for each cell', (t) => {
  const cluster = {
    nodes: () => [],
    sentinels: () => [{ id: 'sentinel-0', host: '::1', port: 26_379, state: 'up' as const }],
  };
  t.is(
    topologyTable(cluster, 30),
    'id: sentinel-0\n  role: sentinel\n  address: [::1]:26379\n  state: up',
  );
});
