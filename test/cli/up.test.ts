import test from 'ava';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { toOptions } from '../../src/cli/up.js';
import { parseOptions } from '../../src/cluster/options.js';

const configFolder = fileURLToPath(new URL('../../../config/', import.meta.url));

test('nothing given: the usual ports', (t) => {
  t.deepEqual(toOptions({}), { port: 6379, sentinelPort: 26_379 });
});

test('flags win over the file, the file over the defaults', (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ringleader-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const config = path.join(folder, 'topology.yaml');
  writeFileSync(config, 'replicas: 5\nport: 7000\nconfig:\n  timeout: 20\n');
  t.deepEqual(toOptions({ config, port: 8000, downAfter: 300, fencing: false }), {
    replicas: 5,
    port: 8000,
    sentinelPort: 26_379,
    downAfterMs: 300,
    fencing: false,
    config: { timeout: 20 },
  });
});

test('the topologies that come along are valid', (t) => {
  const small = parseOptions(toOptions({ config: `${configFolder}topology.yaml` }));
  t.like(small, { replicas: 2, sentinels: 3, quorum: 2, port: 6379, sentinelPort: 26_379 });
  const large = parseOptions(toOptions({ config: `${configFolder}topology-large.yaml` }));
  t.like(large, { replicas: 4, sentinels: 5, quorum: 3 });
});
