/** `strict`: what is acknowledged is held by a majority of the nodes, whatever becomes of others. */
import test from 'ava';

import type { RingleaderError } from '../../src/base/errors.js';
import { Prng } from '../../src/base/prng.js';
import { runRound } from '../faults/rounds.js';
import { plain, RespClient } from '../support/resp-client.js';
import { until } from '../support/until.js';
import { startReal } from './fixtures/real.js';

test.serial(
  'replies keep their order, and blocked clients, scripts and transactions wait as well',
  async (t) => {
    const cluster = await startReal(t, { strict: true });
    const client = cluster.client();
    const numbers = await Promise.all(Array.from({ length: 500 }, () => client.incr('n')));
    t.deepEqual(
      numbers,
      Array.from({ length: 500 }, (_, i) => i + 1),
    );
    t.deepEqual(
      await client.multi([
        ['SET', 'a', '1'],
        ['GET', 'a'],
      ]),
      ['OK', '1'],
    );
    t.is(await client.call('EVAL', "return redis.call('INCR', KEYS[1])", 1, 'n'), 501);
    t.is(await client.call('CONFIG', 'GET', 'strict').then(String), 'strict,yes');
    const blocked = await client.session();
    const popped = blocked.call('BLPOP', 'list', 0);
    await client.call('RPUSH', 'list', 'x');
    t.deepEqual(await popped, ['list', 'x']);
    blocked.close();
    const tcp = await RespClient.connect(cluster.nodes()[0]!.port);
    tcp.write('SET k v\r\nGET k\r\nPING\r\nSET k w\r\nQUIT\r\n');
    const replies = (await tcp.take(5)).map(plain); // The end waits for what is owed.
    t.deepEqual(replies, ['+OK', 'v', '+PONG', '+OK', '+OK']);
    tcp.close();
  },
);

test.serial(
  'a write waits for a majority; without one it is refused at once, as are reads',
  async (t) => {
    const cluster = await startReal(t, { strict: true, downAfterMs: 60_000 });
    const tcp = await RespClient.connect(cluster.nodes()[0]!.port);
    t.teardown(() => tcp.close());
    await cluster.pause('node-1');
    t.is(plain(await tcp.call('SET', 'with', 'one replica')), '+OK');
    await cluster.pause('node-2');
    let isAnswered = false;
    const held = tcp.call('SET', 'with', 'none').then((reply) => {
      isAnswered = true;
      return plain(reply);
    });
    const other = await RespClient.connect(cluster.nodes()[0]!.port);
    t.teardown(() => other.close());
    await until(
      async () => /offset=(\d+)/.test(String(plain(await other.call('INFO', 'replication')))),
      'INFO answers',
    );
    t.false(isAnswered);
    cluster.resume('node-2');
    t.is(await held, '+OK');
    // Behind a partition there is nobody to count on.
    cluster.partition('node-0', ['node-1', 'node-2']);
    t.regex(String(plain(await other.call('SET', 'a', '1'))), /^-NOREPLICAS strict:/);
    t.regex(String(plain(await other.call('GET', 'with'))), /^-NOREPLICAS strict:/);
    t.is(plain(await other.call('PING')), '+PONG');
    cluster.heal();
    cluster.resume('node-1');
    await until(
      async () => plain(await other.call('SET', 'a', '1')) === '+OK',
      'a majority is back',
    );
  },
);

test.serial(
  'a master that is cut off takes no writes, and tells nothing that may be stale',
  async (t) => {
    const cluster = await startReal(t, { strict: true, fencing: false });
    const old = await RespClient.connect(cluster.nodes()[0]!.port);
    t.teardown(() => old.close());
    t.is(plain(await old.call('SET', 'k', 'before')), '+OK');
    const switched = cluster.once('switch-master', { timeoutMs: 30_000 });
    const others = [...cluster.nodes(), ...cluster.sentinels()]
      .map(({ id }) => id)
      .filter((id) => id !== 'node-0');
    cluster.partition('node-0', [...others]);
    t.regex(String(plain(await old.call('SET', 'k', 'late'))), /^-NOREPLICAS strict:/);
    await switched;
    t.regex(String(plain(await old.call('GET', 'k'))), /^-NOREPLICAS strict:/); // Not what was.
    await cluster.client().set('k', 'after');
    cluster.heal();
    await cluster.settled({ timeoutMs: 30_000 });
    t.is(await cluster.client().get('k'), 'after');
  },
);

test.serial(
  'masters are killed under load, and nothing that was acknowledged is gone',
  async (t) => {
    const cluster = await startReal(t, { strict: true, replicas: 3, heapMb: 64 });
    const random = new Prng(5);
    for (const fault of ['kill', 'freeze', 'kill'] as const) {
      const prefix = `${fault}${random.uint32()}`;
      const result = await runRound(cluster, { fault, writes: 2_000, random, prefix });
      t.deepEqual(result.violations, [], fault);
      t.not(result.promoted, result.struck);
    }
  },
);

test('what strict cannot be had with is refused by name', async (t) => {
  const refused = async (options: object, expected: RegExp): Promise<void> => {
    const error = await t.throwsAsync<RingleaderError>(startReal(t, options));
    t.regex(error?.message ?? '', expected);
  };
  await refused({ strict: true, engine: 'processes' }, /engine processes has no strict/);
  await refused(
    { strict: true, engine: { server: 'redis-server', sentinel: 'redis-sentinel' } },
    /engine redis-server has no strict/,
  );
  await refused({ strict: true, replicas: 0 }, /strict/);
  await refused({ config: { strict: true } }, /cannot use config.strict/);
  const cluster = await startReal(t, { strict: true, replicas: 1, sentinels: 0 });
  await t.throwsAsync(async () => cluster.cache(), { message: /a strict cluster has no cache/ });
});
