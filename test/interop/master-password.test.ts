/** A replica says the password that its master wants, byte for byte. */
import { RealRedis, testWithRedis as test } from '../support/real-redis.js';
import { RespClient } from '../support/resp-client.js';
import { RingleaderServer } from '../support/ringleader-process.js';
import { until } from '../support/until.js';

test('a master’s password and user need not be ASCII', async (t) => {
  const master = await RealRedis.start();
  t.teardown(() => master.stop());
  const admin = await RespClient.connect(master.port);
  await admin.value('ACL', 'SETUSER', 'ü', 'on', '>pé', '~*', '&*', '+@all');
  await admin.value('ACL', 'SETUSER', 'default', 'off');
  admin.close();
  const to = `127.0.0.1 ${master.port}`;
  const flags = ['--replicaof', to, '--masteruser', 'ü', '--masterauth', 'pé'];
  const replica = await RingleaderServer.start(...flags);
  t.teardown(() => replica.stop());
  const client = await RespClient.connect(replica.port);
  t.teardown(() => client.close());
  await until(
    async () => /master_link_status:up/.test(String(await client.value('INFO', 'replication'))),
    'its link',
  );
  t.pass();
});
