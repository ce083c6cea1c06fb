import test from 'ava';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { toOptions } from '../../src/cli/up.js';
import { parseOptions } from '../../src/cluster/options.js';
import { freePort } from '../../src/io/free-port.js';
import { MAIN } from '../support/main.js';

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

test('a cluster that is still starting does not keep Ctrl-C waiting', async (t) => {
  // Nothing listens there, so that the cluster would not be ready for ten seconds.
  const away = `redis://127.0.0.1:${await freePort()}`;
  const ports = ['--port', '0', '--sentinel-port', '0', '--sentinels', '0', '--replicas', '0'];
  const child = spawn(process.execPath, [MAIN, 'up', ...ports, '--replicaof', away]);
  t.teardown(() => child.kill('SIGKILL'));
  let printed = '';
  child.stderr.on('data', (text: Buffer) => (printed += String(text)));
  await setTimeout(2_000); // It hears signals by then.
  child.kill('SIGINT');
  const askedAt = performance.now();
  const [code] = await once(child, 'close');
  t.is(code, 130, printed);
  t.true(performance.now() - askedAt < 4_000);
  t.is(printed, '');
});
