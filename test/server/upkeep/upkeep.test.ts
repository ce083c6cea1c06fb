/** Upkeep on a node that serves clients: what happens between their commands. */
import { connect } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { LoneNode } from '../../support/lone-node.js';
import { RespClient } from '../../support/resp-client.js';
import { until } from '../../support/until.js';

async function start(t: ExecutionContext, config = ''): Promise<[LoneNode, RespClient]> {
  const node = await LoneNode.start({ config });
  t.teardown(() => node.stop());
  const client = await RespClient.connect(node.port);
  t.teardown(() => client.close());
  return [node, client];
}

test('lowering maxmemory evicts until it holds, though nobody sends anything', async (t) => {
  const [node, client] = await start(t, 'maxmemory-policy allkeys-random');
  await client.value('DEBUG', 'POPULATE', '20000', 'key', '100');
  const used = node.core.usedMemory();
  t.is(await client.value('CONFIG', 'SET', 'maxmemory', `${used - 1_500_000}`), '+OK');
  await until(() => node.core.usedMemory() <= used - 1_500_000);
  t.true(node.core.counters().evictedKeys > 5000);
});

test('replies that a client does not take, and requests that do not end, count as used', async (t) => {
  const [node, client] = await start(t, 'maxmemory-policy allkeys-random');
  const value = Buffer.alloc(100_000);
  for (let i = 0; i < 50; i++) await client.value('SET', `key:${i}`, value);
  await client.value('CONFIG', 'SET', 'maxmemory', `${node.core.usedMemory() + 1_000_000}`);
  const socket = connect(node.port, '127.0.0.1');
  t.teardown(() => socket.destroy());
  socket.write(
    Buffer.concat([Buffer.from('*2\r\n$3\r\nGET\r\n$2000000\r\n'), Buffer.alloc(1_900_000)]),
  );
  await until(() => node.core.exports.keyCount(0) < 50);
  const left = node.core.exports.keyCount(0);
  t.true(left > 35, `${left}`);
  socket.destroy();
  await until(() => node.services.clients.size === 1);
  for (let i = 0; i < 20; i++) t.is(await client.value('SET', `more:${i}`, 'v'), '+OK');
  t.is(node.core.exports.keyCount(0), left + 20);
});

test('no eviction and no expiry while clients are paused', async (t) => {
  const [node, client] = await start(t, 'maxmemory-policy allkeys-random');
  await client.value('DEBUG', 'SET-ACTIVE-EXPIRE', '0');
  await client.value('SET', 'gone', 'v', 'PX', '1');
  await client.value('DEBUG', 'POPULATE', '1000', 'key', '100');
  await client.value('CLIENT', 'PAUSE', '100000', 'WRITE');
  await client.value('DEBUG', 'SET-ACTIVE-EXPIRE', '1');
  await client.value('CONFIG', 'SET', 'maxmemory', '1');
  for (let i = 0; i < 3; i++) node.services.upkeep.cron();
  t.is(await client.value('DBSIZE'), 1001);
  await client.value('CLIENT', 'UNPAUSE');
  await until(() => node.core.exports.keyCount(0) === 0);
  t.is(node.core.counters().evictedKeys + node.core.counters().expiredKeys, 1001);
});

test('DEBUG SET-ACTIVE-EXPIRE stops the cycle, and starts it again', async (t) => {
  const [node, client] = await start(t);
  await client.value('DEBUG', 'SET-ACTIVE-EXPIRE', '0');
  await client.value('SET', 'k', 'v', 'PX', '1');
  const turns = node.services.upkeep.expiry.totalMicros;
  for (let i = 0; i < 3; i++) node.services.upkeep.cron();
  t.is(node.services.upkeep.expiry.totalMicros, turns);
  t.is(await client.value('DBSIZE'), 1);
  await client.value('DEBUG', 'SET-ACTIVE-EXPIRE', '1');
  await until(() => node.core.exports.keyCount(0) === 0);
  t.pass();
});

test('a command of the host evicts, is refused without room, and MULTI with it', async (t) => {
  const [node, client] = await start(t, 'maxmemory-policy volatile-ttl');
  const oom = "OOM command not allowed when used memory > 'maxmemory'.";
  await client.value('SET', 'a', 'v', 'EX', '100');
  await client.value('CONFIG', 'SET', 'maxmemory', '1');
  await client.value('DBSIZE');
  t.is(node.core.counters().evictedKeys, 1);
  t.is(await client.value('SETBIT', 'k', '1', '1'), `-${oom}`);
  await client.value('MULTI');
  t.is(await client.value('PING'), `-${oom}`);
  t.is(await client.value('EXEC'), '-EXECABORT Transaction discarded because of previous errors.');
  await client.value('CONFIG', 'SET', 'maxmemory', '0');
  await client.value('MULTI');
  await client.value('SET', 'k', 'v');
  const other = await RespClient.connect(node.port);
  await other.value('CONFIG', 'SET', 'maxmemory', '1');
  t.is(await client.value('EXEC'), `-EXECABORT Transaction discarded because of: ${oom}`);
  other.close();
});

test('FLUSHALL ASYNC, and plain FLUSHDB if so configured, free between commands', async (t) => {
  const [node, client] = await start(t);
  await client.value('DEBUG', 'POPULATE', '20000');
  t.is(await client.value('FLUSHALL', 'ASYNC'), '+OK');
  t.is(await client.value('DBSIZE'), 0);
  await until(() => node.core.upkeep.lazyFreed().freed === 20_000);
  await client.value('DEBUG', 'POPULATE', '100');
  t.is(await client.value('FLUSHDB', 'SYNC'), '+OK');
  t.is(node.core.upkeep.lazyFreed().freed, 20_000);
  await client.value('CONFIG', 'SET', 'lazyfree-lazy-user-flush', 'yes');
  await client.value('DEBUG', 'POPULATE', '100');
  t.is(await client.value('FLUSHDB'), '+OK');
  await until(() => node.core.upkeep.lazyFreed().freed === 20_100);
});

test('sparse pages are emptied when activedefrag says so, and when they are purged', async (t) => {
  const config = 'activedefrag no\nactive-defrag-ignore-bytes 100kb\nactive-defrag-cycle-max 75';
  const [node, client] = await start(t, config);
  const thin = async (prefix: string): Promise<void> => {
    await client.value('DEBUG', 'POPULATE', '20000', prefix, '100');
    const keys = Array.from({ length: 20_000 }, (_, i) => `${prefix}:${i}`);
    await client.value('DEL', ...keys.filter((_, i) => i % 10 !== 0));
  };
  const wasted = (): number => {
    const { slabs, slabsUsed } = node.core.memoryUse();
    return slabs - slabsUsed;
  };
  await thin('one');
  t.true(wasted() > 2_000_000, `${wasted()}`);
  node.services.upkeep.purge();
  await until(() => node.services.upkeep.defrag.percent === 0);
  t.true(wasted() < 500_000, `${wasted()}`);
  await thin('two');
  t.true(wasted() > 2_000_000, `${wasted()}`);
  await client.value('CONFIG', 'SET', 'activedefrag', 'yes');
  await until(() => wasted() < 500_000);
  t.true(node.core.upkeep.defragCounts().hits > 1000);
});

test('a slice that takes long is an event of its own for LATENCY', async (t) => {
  let leap = 0;
  let micros = 1e15;
  const node = await LoneNode.start({
    config: 'maxmemory-policy allkeys-random\nlatency-monitor-threshold 5',
    wallMicros: () => (micros += leap),
  });
  t.teardown(() => node.stop());
  const client = await RespClient.connect(node.port);
  t.teardown(() => client.close());
  await client.value('DEBUG', 'POPULATE', '1000', 'key', '100');
  node.services.upkeep.cron();
  t.deepEqual([...node.services.latency.series.keys()], []);
  leap = 6000;
  node.services.upkeep.cron();
  t.true(node.services.latency.series.has('expire-cycle'));
  node.services.config.maxmemory.set(['1']);
  node.services.upkeep.cron();
  t.true(node.services.latency.series.has('eviction-cycle'));
});
