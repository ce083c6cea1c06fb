import test from 'ava';
import { listen } from '../../src/io/tcp-server.js';
import { joinAddress } from '../../src/io/tcp-transport.js';
import { LoneNode } from '../support/lone-node.js';
import { plain, RespClient } from '../support/resp-client.js';

test('a port that is taken is named', async (t) => {
  const first = await listen(() => {}, { port: 0, host: '127.0.0.1' });
  t.teardown(() => first.close());
  await t.throwsAsync(
    listen(() => {}, { port: first.port, host: '127.0.0.1' }),
    {
      code: 'ADDRESS_IN_USE',
      message: `cannot listen on 127.0.0.1:${first.port}: the port is in use by another program`,
    },
  );
});

test("an address that is not this machine's is refused", async (t) => {
  await t.throwsAsync(
    listen(() => {}, { port: 0, host: '192.0.2.1' }),
    {
      code: 'CONFIG_INVALID',
      message: /cannot listen on 192\.0\.2\.1:0/,
    },
  );
});

test('addresses read as in Redis', (t) => {
  t.is(joinAddress('127.0.0.1', 6379), '127.0.0.1:6379');
  t.is(joinAddress('::ffff:10.0.0.1', 1), '10.0.0.1:1');
  t.is(joinAddress('::1', 1), '[::1]:1');
});

test('a client that has ended its side still gets its replies', async (t) => {
  const node = await LoneNode.start();
  t.teardown(() => node.stop());
  const client = await RespClient.connect(node.port);
  client.write('SET a 1\r\nGET a\r\n');
  client.endWriting();
  t.deepEqual((await client.take(3)).map(plain), ['+OK', '1']);
  t.true(client.ended);
});
