/** CLIENT PAUSE on a replica holds up what its master sends, as it does a client's commands. */
import { RealRedis, testWithRedis as test } from '../support/real-redis.js';
import { RespClient } from '../support/resp-client.js';
import { RingleaderServer } from '../support/ringleader-process.js';
import { until } from '../support/until.js';

for (const mode of ['ALL', 'WRITE']) {
  test(`a replica in CLIENT PAUSE ${mode} applies nothing until it is over`, async (t) => {
    const outcomes: unknown[] = [];
    for (const program of [RealRedis, RingleaderServer]) {
      const [master, replica] = await Promise.all([
        program.start('--repl-diskless-sync-delay', '0'),
        program.start(),
      ]);
      t.teardown(() => Promise.all([master.stop(), replica.stop()]));
      const [source, copy] = await Promise.all(
        [master, replica].map(({ port }) => RespClient.connect(port)),
      );
      await copy!.call('REPLICAOF', '127.0.0.1', String(master.port));
      await source!.call('SET', 'k', '1');
      await until(async () => (await copy!.value('GET', 'k')) === '1');
      await copy!.call('CLIENT', 'PAUSE', '1500', mode);
      await source!.call('SET', 'k', '2');
      const got = [await source!.value('WAIT', '1', '300')];
      got.push(await source!.value('WAIT', '1', '10000'), await copy!.value('GET', 'k'));
      outcomes.push(got);
      source!.close();
      copy!.close();
    }
    t.deepEqual(outcomes[0], [0, 1, '2']);
    t.deepEqual(outcomes[1], outcomes[0]);
  });
}
