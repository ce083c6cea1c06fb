import test from 'ava';
import { assert } from '../../../src/base/assert.js';
import type { Reply } from '../../../src/resp/reply.js';
import { LoneNode } from '../../support/lone-node.js';
import { plain, RespClient } from '../../support/resp-client.js';
import { until } from '../../support/until.js';

test('a slow command of the core is found by its work, whatever runs beside it', async (t) => {
  const node = await LoneNode.start({ config: 'slowlog-log-slower-than 1000' });
  t.teardown(() => node.stop());
  const client = await RespClient.connect(node.port);
  const value = Buffer.alloc(30_000_000, 'x');
  t.is(await client.value('SET', 'before', '1'), '+OK');
  t.is(await client.value('SET', 'big', value), '+OK');
  t.is(await client.value('APPEND', 'big', 'y'), value.length + 1);
  client.write('SET a 1\r\n'.repeat(1000));
  await client.take(1000);
  const logged = names(await client.call('SLOWLOG', 'GET', '-1'));
  t.true(logged.includes('SET big'), logged.join());
  t.false(logged.includes('SET a'));
  t.false(logged.includes('SET before'));
  client.close();
});

test('from 1 ms down every command is timed on its own', async (t) => {
  const node = await LoneNode.start({ config: 'slowlog-log-slower-than 0' });
  t.teardown(() => node.stop());
  const client = await RespClient.connect(node.port);
  client.write('SET a 1\r\nGET a\r\nPING\r\n');
  await client.take(3);
  t.deepEqual(names(await client.call('SLOWLOG', 'GET')), ['PING', 'GET a', 'SET a']);
  t.is(await client.value('CONFIG', 'SET', 'slowlog-max-len', '2'), '+OK');
  t.is(await client.value('SLOWLOG', 'LEN'), 2);
  client.close();
});

test('a command that blocks its client is logged when it is answered', async (t) => {
  const node = await LoneNode.start({ config: 'slowlog-log-slower-than 0' });
  t.teardown(() => node.stop());
  const waiting = await RespClient.connect(node.port);
  const client = await RespClient.connect(node.port);
  const popped = waiting.value('BLPOP', 'l', '0');
  await until(() => node.services.blocked.active);
  await client.call('RPUSH', 'l', 'a');
  t.deepEqual(await popped, ['l', 'a']);
  t.deepEqual(names(await client.call('SLOWLOG', 'GET')), ['BLPOP l', 'RPUSH l']);
  waiting.close();
  client.close();
});

/** @returns of each entry the command's name and first argument. */
function names(entries: Reply | null): string[] {
  assert(entries?.type === 'array');
  return entries.items.map((entry) => {
    assert(entry.type === 'array' && entry.items[3]?.type === 'array');
    return entry.items[3].items.slice(0, 2).map(plain).join(' ');
  });
}
