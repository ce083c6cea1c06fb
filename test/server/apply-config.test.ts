import test from 'ava';
import { LoneNode } from '../support/lone-node.js';
import { RespClient } from '../support/resp-client.js';

test('limits of memory and of arguments hold from when they are set', async (t) => {
  const node = await LoneNode.start({ config: 'proto-max-bulk-len 2mb' });
  t.teardown(() => node.stop());
  const client = await RespClient.connect(node.port);
  const large = Buffer.alloc(1_500_000);
  t.is(await client.value('SET', 'a', large), '+OK');
  t.is(await client.value('CONFIG', 'SET', 'maxmemory', '1mb'), '+OK');
  t.is(
    await client.value('SET', 'b', '1'),
    "-OOM command not allowed when used memory > 'maxmemory'.",
  );
  t.is(await client.value('CONFIG', 'SET', 'maxmemory', '0'), '+OK');
  t.is(await client.value('SET', 'b', '1'), '+OK');
  t.is(await client.value('CONFIG', 'SET', 'proto-max-bulk-len', '1mb'), '+OK');
  t.is(await client.value('SET', 'a', large), '-ERR Protocol error: invalid bulk length');
  client.close();
});

test('the backlog is resized', async (t) => {
  const node = await LoneNode.start();
  t.teardown(() => node.stop());
  const client = await RespClient.connect(node.port);
  t.is(await client.value('CONFIG', 'SET', 'repl-backlog-size', '4mb'), '+OK');
  t.true(node.core.ringSize >= 4 * 1024 * 1024);
  for (const bytes of ['4294967296', '8589934592', '9223372036854775807', '4294967295']) {
    t.regex(
      String(await client.value('CONFIG', 'SET', 'repl-backlog-size', bytes)),
      /argument must be between 1 and 3221225472 inclusive|no memory for/,
    );
  }
  t.true(node.core.ringSize >= 4 * 1024 * 1024);
  t.is(await client.value('CONFIG', 'SET', 'repl-backlog-size', '1'), '+OK');
  t.deepEqual(await client.value('CONFIG', 'GET', 'repl-backlog-size'), [
    'repl-backlog-size',
    '16384',
  ]);
  t.is(await client.value('SET', 'a', '1'), '+OK');
  client.close();
});
