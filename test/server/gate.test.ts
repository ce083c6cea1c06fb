import test from 'ava';
import { LoneNode } from '../support/lone-node.js';
import { RespClient } from '../support/resp-client.js';

test('a node that may not write refuses writes with the reason, and answers reads', async (t) => {
  let reason: string | null = "READONLY You can't write against a read only replica.";
  const node = await LoneNode.start({ replication: { canWrite: () => reason } });
  t.teardown(() => node.stop());
  const client = await RespClient.connect(node.port);
  for (const line of ['SET a 1', 'DEL a', 'FLUSHALL', 'RENAME a b']) {
    t.is(await client.value(...line.split(' ')), `-${reason}`, line);
  }
  t.is(await client.value('GET', 'a'), null);
  t.is(await client.value('PUBLISH', 'a', 'b'), 0);
  await client.call('MULTI');
  t.is(await client.value('SET', 'a', '1'), `-${reason}`);
  t.regex(String(await client.value('EXEC')), /^-EXECABORT .* because of previous errors/);

  reason = null;
  await client.call('MULTI');
  t.is(await client.value('SET', 'a', '1'), '+QUEUED');
  reason = 'NOREPLICAS Not enough good replicas to write.';
  t.is(await client.value('EXEC'), `-EXECABORT Transaction discarded because of: ${reason}`);
  t.is(await client.value('GET', 'a'), null);
  reason = null;
  t.is(await client.value('SET', 'a', '1'), '+OK');
  client.close();
});

test('while the data set loads only what needs no data is answered', async (t) => {
  const node = await LoneNode.start({ replication: { isLoading: () => true } });
  t.teardown(() => node.stop());
  const client = await RespClient.connect(node.port);
  t.is(await client.value('GET', 'a'), '-LOADING Redis is loading the dataset in memory');
  t.is(await client.value('PING'), '-LOADING Redis is loading the dataset in memory');
  t.is(await client.value('ECHO', 'a'), 'a');
  t.regex(String(await client.value('INFO', 'persistence')), /loading:1\r/);
  client.close();
});

test('a replica without its master serves old data, or not, as configured', async (t) => {
  const node = await LoneNode.start({
    replication: { role: () => 'replica', isStale: () => true },
  });
  t.teardown(() => node.stop());
  const client = await RespClient.connect(node.port);
  t.is(await client.value('GET', 'a'), null);
  t.is(await client.value('CONFIG', 'SET', 'replica-serve-stale-data', 'no'), '+OK');
  t.is(
    await client.value('GET', 'a'),
    "-MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
  );
  t.is(await client.value('CONFIG', 'SET', 'replica-serve-stale-data', 'yes'), '+OK');
  t.is(await client.value('GET', 'a'), null);
  client.close();
});

test('DEBUG needs enable-debug-command', async (t) => {
  const node = await LoneNode.start({ config: 'enable-debug-command no' });
  t.teardown(() => node.stop());
  const client = await RespClient.connect(node.port);
  t.regex(String(await client.value('DEBUG', 'SLEEP', '0')), /^-ERR DEBUG command not allowed/);
  client.close();
  const local = await LoneNode.start({ config: 'enable-debug-command local' });
  t.teardown(() => local.stop());
  const near = await RespClient.connect(local.port);
  t.is(await near.value('DEBUG', 'SLEEP', '0'), '+OK');
  near.close();
});
