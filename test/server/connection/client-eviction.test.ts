import test from 'ava';
import { clientMemoryLimit } from '../../../src/server/connection/client-eviction.js';
import { LoneNode } from '../../support/lone-node.js';
import { RespClient } from '../../support/resp-client.js';
import { until } from '../../support/until.js';

const KB = 1024;

test('the limit is bytes or a part of maxmemory, and never too low to come in', (t) => {
  t.is(clientMemoryLimit(0, 1e6), null);
  t.is(clientMemoryLimit(200 * KB, 0), 200 * KB);
  t.is(clientMemoryLimit(1, 0), 128 * KB);
  t.is(clientMemoryLimit(-5, 1000 * 1000 * KB), 50_000 * KB);
  t.is(clientMemoryLimit(-5, 0), null);
});

test('the client that keeps most goes first, one that asked to be spared stays', async (t) => {
  const node = await LoneNode.start({ config: 'maxmemory-clients 1mb' });
  t.teardown(() => node.stop());
  const spared = await RespClient.connect(node.port);
  await spared.call('CLIENT', 'NO-EVICT', 'ON');
  const large = await RespClient.connect(node.port);
  const small = await RespClient.connect(node.port);
  // Commands cut off before their end: their bytes are kept.
  spared.write(`*2\r\n$4\r\nECHO\r\n$9000000\r\n${'x'.repeat(600_000)}`);
  small.write(`*2\r\n$4\r\nECHO\r\n$2000\r\n${'x'.repeat(1000)}`);
  large.write(`*2\r\n$4\r\nECHO\r\n$9000000\r\n${'x'.repeat(700_000)}`);
  await large.closed();
  await until(() => node.services.clients.size === 2);
  t.is(node.services.stats.evictedClients, 1);
  t.true(node.logs.some((line) => line.startsWith('Evicting client: id=')));
  small.write('y'.repeat(1000) + '\r\n');
  t.is((await small.next())?.type, 'bulk');
  spared.close();
  small.close();
});
