import test from 'ava';
import { LoneNode } from '../support/lone-node.js';
import { RespClient } from '../support/resp-client.js';

async function pair(t: { teardown: (end: () => Promise<void>) => void }) {
  const node = await LoneNode.start();
  t.teardown(() => node.stop());
  const watcher = await RespClient.connect(node.port);
  const other = await RespClient.connect(node.port);
  const commits = async (between: () => Promise<unknown>): Promise<boolean> => {
    await watcher.call('WATCH', 'k', 'j');
    await between();
    await watcher.call('MULTI');
    await watcher.call('PING');
    return Array.isArray(await watcher.value('EXEC'));
  };
  return { node, other, commits };
}

test('another client that writes to a watched key breaks the transaction', async (t) => {
  const { other, commits } = await pair(t);
  t.true(await commits(() => other.call('SET', 'x', '1')));
  t.true(await commits(() => other.call('GET', 'k')));
  t.true(await commits(() => other.call('DEL', 'k')));
  t.true(await commits(() => other.call('UNLINK', 'k', 'x')));
  t.false(await commits(() => other.call('SET', 'k', '1')));
  t.false(await commits(() => other.call('INCR', 'k')));
  t.true(await commits(() => other.call('INCR', 'k', 'wrong')));
  t.false(await commits(() => other.call('MSET', 'x', '1', 'j', '1')));
  t.false(await commits(() => other.call('RENAME', 'x', 'j')));
  t.false(await commits(() => other.call('DEL', 'k')));
});

test('a key is changed only by what changes it', async (t) => {
  const { other, commits } = await pair(t);
  await other.call('SET', 'x', '1');
  t.true(await commits(() => other.call('DEL', 'x', 'k')));
  await other.call('SET', 'k', '1');
  t.true(await commits(() => other.call('COPY', 'k', 'x')));
  t.true(await commits(() => other.call('DUMP', 'k')));
  t.false(await commits(() => other.call('COPY', 'x', 'k', 'REPLACE')));
  t.true(await commits(() => other.call('COPY', 'x', 'k', 'DB', '3')));
  await other.call('SELECT', '3');
  t.false(await commits(() => other.call('COPY', 'k', 'k', 'DB', '0', 'REPLACE')));
  await other.call('SET', 'j', '1');
  t.false(await commits(() => other.call('MOVE', 'j', '0')));
});

test('a union of no HyperLogLogs makes its key', async (t) => {
  const { other, commits } = await pair(t);
  t.false(await commits(() => other.call('PFMERGE', 'k')));
  t.false(await commits(() => other.call('PFMERGE', 'k')));
});

test('exchanging databases changes the keys that are in either', async (t) => {
  const { other, commits } = await pair(t);
  t.true(await commits(() => other.call('SWAPDB', '0', '1')));
  await other.call('SET', 'k', '1');
  t.true(await commits(() => other.call('SWAPDB', '1', '2')));
  t.true(await commits(() => other.call('SWAPDB', '0', '0')));
  t.false(await commits(() => other.call('SWAPDB', '0', '1')));
  t.false(await commits(() => other.call('SWAPDB', '1', '0')));
});

test('a missing key whose place an expired one takes has not changed', async (t) => {
  const { other, commits } = await pair(t);
  await other.call('DEBUG', 'SET-ACTIVE-EXPIRE', '0');
  await other.call('SELECT', '1');
  await other.call('SET', 'k', '1', 'PXAT', '1');
  t.true(await commits(() => other.call('SWAPDB', '0', '1')));
  t.true(await commits(() => other.call('SWAPDB', '0', '1')));
});

test('the same key of another database is another key', async (t) => {
  const { other, commits } = await pair(t);
  await other.call('SELECT', '1');
  t.true(await commits(() => other.call('SET', 'k', '1')));
});

test('emptying the database breaks it only if the key was there', async (t) => {
  const { other, commits } = await pair(t);
  t.true(await commits(() => other.call('FLUSHALL')));
  await other.call('SET', 'k', '1');
  t.false(await commits(() => other.call('FLUSHDB')));
});

test('a watched key that expires breaks it', async (t) => {
  const { other, commits } = await pair(t);
  const exists = async (): Promise<boolean> => (await other.value('EXISTS', 'k')) === 1;
  // A machine may be too busy for WATCH to come before the key's end: such a try says nothing.
  for (let lifeMs = 100; ; lifeMs *= 2) {
    await other.call('SET', 'k', '1', 'PX', String(lifeMs));
    let watched = false;
    const committed = await commits(async () => {
      watched = await exists();
      while (await exists());
    });
    if (!watched) continue;
    t.false(committed);
    return;
  }
});

test('writes are looked at only while somebody watches', async (t) => {
  const { node, commits } = await pair(t);
  t.false(node.services.watches.active);
  t.true(
    await commits(() => {
      t.true(node.services.watches.active);
      return Promise.resolve();
    }),
  );
  t.false(node.services.watches.active);
});
