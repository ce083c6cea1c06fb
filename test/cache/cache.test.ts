/** Caches over one cluster: from this thread and others, and what becomes of them in a failover. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import test, { type ExecutionContext } from 'ava';

import { attach, type Cache, Cluster } from '../../src/index.js';
import { until } from '../support/until.js';

/** Shared by the tests that hurt nobody; each has a namespace of its own. */
let shared: Cluster;
test.before(async () => {
  shared = await Cluster.start({ replicas: 1, sentinels: 0 });
});
test.after.always(() => shared.stop());

function own(t: ExecutionContext): Promise<Cache> {
  return shared.cache({ namespace: t.title });
}

test('what is set is read at once, with its ttl, until it is deleted', async (t) => {
  const cache = await own(t);
  t.is(cache.getSync('a'), undefined);
  t.false(cache.has('a'));
  t.is(cache.ttl('a'), undefined);
  await cache.set('a', 'one');
  await cache.set('b', 'zwölf', { ttl: '1m' });
  t.is(cache.getSync('a'), 'one');
  t.deepEqual(await cache.mget(['a', 'b', 'c']), ['one', 'zwölf', undefined]);
  t.true(cache.has('b'));
  t.is(cache.ttl('a'), Infinity);
  t.true(cache.ttl('b')! > 50_000 && cache.ttl('b')! <= 60_000);
  t.is(await cache.delete('a', 'b', 'c'), 2);
  t.is(await cache.get('a'), undefined);
  await t.throwsAsync(cache.set('a', 'b', { ttl: JSON.parse('"5x"') }), { code: 'CONFIG_INVALID' });
  await t.throwsAsync(cache.set('a', JSON.parse('5')), { code: 'CONFIG_INVALID' });
});

test('values and keys that shared memory does not take in one piece', async (t) => {
  const cache = await own(t);
  for (const size of [0, 1, 1919, 1920, 1921, 8_192, 300_000]) {
    const value = String.fromCharCode(97 + (size % 26)).repeat(size);
    await cache.set(`size ${size}`, value);
    t.true(cache.getSync(`size ${size}`) === value, String(size));
  }
  for (const length of [1_900, 1_968, 1_984, 1_985, 70_000]) {
    const key = 'k'.repeat(length);
    await cache.set(key, 'long', { ttl: '1h' });
    t.is(cache.getSync(key), 'long');
    t.is(await cache.get(key), 'long');
    t.true(cache.has(key) && cache.ttl(key)! > 3_500_000);
    t.is(await cache.wrap(key, '1m', () => 'not computed'), 'long');
    t.is(await cache.wrap(`${key}!`, '1m', () => 'computed'), 'computed');
    t.is(await cache.delete(key), 1);
    t.false(cache.has(key));
  }
});

test('fields of hashes are read at once, small hashes and large, and written', async (t) => {
  const cache = await own(t);
  const numbers = cache.namespace<number>('numbers', { codec: 'json' });
  t.is(cache.getFieldSync('h', 'f'), undefined);
  await cache.setField('h', 'f', 'zwölf');
  t.is(cache.getFieldSync('h', 'f'), 'zwölf');
  t.is(await cache.getField('h', 'g'), undefined);
  await Promise.all(Array.from({ length: 600 }, (_, i) => numbers.setField('n', `${i}`, i * i)));
  for (const i of [0, 7, 599]) t.is(numbers.getFieldSync('n', `${i}`), i * i);
  const long = 'f'.repeat(2_000);
  await cache.setField('h', long, 'v'.repeat(5_000));
  t.is(await cache.getField('h', long), 'v'.repeat(5_000));
  t.throws(() => cache.getFieldSync('h', long), { code: 'CONFIG_INVALID' });
  await cache.set('s', 'a string');
  t.is(cache.getFieldSync('s', 'f'), undefined);
  await t.throwsAsync(cache.setField('s', 'f', 'v'), { message: /WRONGTYPE/ });
  await t.throwsAsync(cache.getField('h', JSON.parse('5')), { code: 'CONFIG_INVALID' });
  // What other clients have written, under keys as they are.
  const plain = await shared.cache();
  await plain.client.call('HSET', 'plain', 'name', 'Ada', 'born', '1815');
  t.is(plain.getFieldSync('plain', 'born'), '1815');
  t.deepEqual([plain.has('plain'), plain.ttl('plain')], [true, Infinity]);
  await plain.client.call('PEXPIRE', 'plain', '60000');
  t.true(plain.ttl('plain')! > 50_000 && plain.ttl('plain')! <= 60_000);
  t.is(plain.getSync('plain'), undefined, 'a hash is no value');
  t.is(await cache.delete('h', 's'), 2);
  t.is(cache.getFieldSync('h', 'f'), undefined);
});

test('a namespace is apart from others, and empty once it is cleared', async (t) => {
  const cache = await own(t);
  const other = cache.namespace('other');
  await Promise.all([cache.set('a', '1'), other.set('a', '2'), other.set('b', '3')]);
  t.deepEqual([cache.getSync('a'), other.getSync('a')], ['1', '2']);
  const keys = new Set<string>(); // SCAN may meet one twice while the other tests' keys go.
  for await (const key of other.keys()) keys.add(key);
  t.deepEqual([...keys].toSorted(), ['a', 'b']);
  await other.clear();
  t.deepEqual([cache.getSync('a'), other.getSync('a')], ['1', undefined]);
  await other.set('b', '4');
  t.deepEqual([other.getSync('a'), other.getSync('b')], [undefined, '4']);
});

test('a namespace within another, and one whose name looks like it, are two', async (t) => {
  const cache = await own(t);
  const user = cache.namespace('user');
  const looksAlike = cache.namespace('user:1');
  const value = await user.wrap('1:profile', '1m', () =>
    looksAlike.wrap('profile', '1m', () => 'a'),
  );
  t.is(value, 'a');
  await cache.namespace('a').namespace('b').set('k', '1');
  t.false(cache.namespace('a/b').has('k'));
  const numbers = cache.namespace<number>('numbers', { codec: 'json', ttl: '1h' });
  await numbers.set('one', 1);
  t.is(numbers.getSync('one'), 1);
  t.true(numbers.ttl('one')! <= 3_600_000);
});

test('what is the caches own is neither listed nor written to', async (t) => {
  const root = await shared.cache();
  await root.namespace('own keys').wrap('a', '1m', () => '1');
  await root.set('a key', '1');
  const keys: string[] = [];
  for await (const key of root.keys()) keys.push(key);
  t.true(keys.includes('a key'));
  t.deepEqual(
    keys.filter((key) => key.includes('ringleader')),
    [],
  );
  const refused = { code: 'CONFIG_INVALID', message: /ringleader:.*namespaces/ };
  await t.throwsAsync(root.set('ringleader:in:x', '1'), refused);
  await t.throwsAsync(root.delete('ringleader:generation:own keys'), refused);
  await t.throwsAsync(
    root.wrap('ringleader:lock::a', '1m', () => '1'),
    refused,
  );
});

test('tens of thousands of keys are deleted at a time', async (t) => {
  const cache = await own(t);
  const keys = Array.from({ length: 50_000 }, (_, i) => `key ${i}`);
  await Promise.all(keys.slice(0, 2_500).map((key) => cache.set(key, '1')));
  t.is(await cache.delete(keys), 2_500);
  t.is(await cache.delete(), 0);
  await Promise.all(keys.slice(0, 2_500).map((key) => cache.set(key, '1')));
  t.is(await cache.delete(keys.slice(0, 2_000), 'key 2000', ['key 2001']), 2_002);
});

function compute(): { n: number } {
  return { n: 2 };
}

/** A call that the compiler would refuse. */
function call(
  cache: Cache<unknown>,
  method: Exclude<keyof Cache, 'client'>,
  ...args: unknown[]
): () => unknown {
  return () => Reflect.apply(cache[method], cache, args);
}

test('wrap rejects what is wrong, and computes what cannot be decoded', async (t) => {
  const strings = await own(t);
  const cache = await shared.cache<{ n: number }>({ codec: 'json', namespace: t.title });
  await strings.set('broken', '{');
  await t.throwsAsync(cache.get('broken'), { code: 'UNDECODABLE' });
  t.deepEqual(await cache.wrap('broken', '1m', () => ({ n: 1 })), { n: 1 });
  t.deepEqual(cache.getSync('broken'), { n: 1 });
  const bad: unknown[][] = [
    ['k', '5x', compute],
    ['k', undefined, compute],
    ['k', -1, compute],
    ['k', '1m', 'compute'],
    [5, '1m', compute],
    ['k', '1m', compute, { stale: 'x' }],
    ['k', '1m', compute, { stale: Infinity }],
    ['k', '1m', compute, { jitter: 2 }],
    ['k', '1m', compute, { grace: '1m' }],
    ['k', '1m', compute, '1m'],
    ['k', compute, '1m'],
    ['k', compute, { stale: '1m' }], // This cache has no ttl that it could follow.
    ['k', Infinity, compute, { stale: '1m' }],
    ['k', compute, {}, {}, {}],
    ['k', '1m', () => JSON.parse],
  ];
  for (const args of bad) {
    const promise = call(cache, 'wrap', ...args)();
    t.true(promise instanceof Promise, String(args));
    await t.throwsAsync(Promise.resolve(promise), { code: 'CONFIG_INVALID' }, String(args));
  }
  t.false(cache.has('k'));
  t.deepEqual(await cache.wrap('k', '200000d', compute), { n: 2 });
  t.is(cache.ttl('k'), Infinity, 'for good');
  t.deepEqual(await cache.wrap('kept', compute), { n: 2 });
  t.is(cache.ttl('kept'), Infinity, 'as long as set() would keep it');
  const brief = cache.namespace('brief', { ttl: '1m' });
  t.deepEqual(await brief.wrap('k', compute, { stale: '1m' }), { n: 2 });
  const ttl = brief.ttl('k') ?? 0;
  t.true(ttl > 60_000 && ttl <= 120_000, String(ttl));
});

test('arguments that are not what they should be are refused', async (t) => {
  const cache = await own(t);
  await cache.set('a', '1', 5_000);
  t.true(cache.ttl('a')! <= 5_000);
  await cache.set('a', '1', '1h');
  t.true(cache.ttl('a')! > 3_000_000);
  const rejected: (() => unknown)[] = [
    call(cache, 'set', 'a', undefined),
    call(cache, 'set', 'a', '1', { px: 5 }),
    call(cache, 'set', 'a', '1', null),
    call(cache, 'set', 'a', '1', [5]),
    call(cache, 'set', 5, '1'),
    call(cache, 'get', undefined),
    call(cache, 'mget', 'abc'),
    call(cache, 'delete', 5),
    call(cache, 'delete', ['a', null]),
  ];
  const thrown: (() => unknown)[] = [
    call(cache, 'getSync', 5),
    call(cache, 'has', undefined),
    call(cache, 'ttl', null),
    call(cache, 'namespace', ''),
    call(cache, 'namespace', 5),
    call(cache, 'namespace', 'n', { codec: 'xml' }),
    call(cache, 'namespace', 'n', { read: 'nearest' }),
  ];
  for (const each of rejected) {
    await t.throwsAsync(async () => each(), { code: 'CONFIG_INVALID' }, String(each));
  }
  for (const each of thrown) t.throws(each, { code: 'CONFIG_INVALID' }, String(each));
  t.is(cache.getSync('a'), '1');
});

test('a frozen master, and no one to replace it: every write ends, and wrap computes', async (t) => {
  const cluster = await Cluster.start({ replicas: 1, sentinels: 0 });
  try {
    const cache = await cluster.cache({ retryForMs: 200 });
    await cache.set('there', '1');
    await cluster.pause(cluster.masterId);
    const late = { code: 'TIMEOUT' };
    await Promise.all([
      t.throwsAsync(cache.set('a', '1'), late),
      t.throwsAsync(cache.delete('a', 'b'), late),
      t.throwsAsync(cache.clear(), late),
      t.throwsAsync(cache.namespace('n').clear(), late),
      t.throwsAsync(cache.namespace('n').set('a', '1'), late),
      t.throwsAsync(cache.keys().next(), late),
    ]);
    t.is(await cache.wrap('a', '1m', () => 'computed'), 'computed');
    t.is(await cache.namespace('n').wrap('a', '1m', () => 'computed'), 'computed');
    t.is(cache.getSync('there'), '1');
    cluster.resume(cluster.masterId);
    await until(() => !cache.has('there')); // What was sent is executed late.
    await cache.set('a', '2');
    t.is(cache.getSync('a'), '2');
  } finally {
    await cluster.stop();
  }
});

test('a handle that has left its process is refused with the reason', async (t) => {
  const handle = shared.handle();
  await t.throwsAsync(attach({ ...handle, pid: 1 }), {
    code: 'CONFIG_INVALID',
    message: /of process 1 from process \d+.*clientOptions/,
  });
  await t.throwsAsync(attach(JSON.parse(JSON.stringify(handle))), {
    code: 'CONFIG_INVALID',
    message: /lost its shared memory/,
  });
});

test('wrap computes once in all threads', async (t) => {
  const workers = Array.from(
    { length: 2 },
    () =>
      new Worker(new URL('fixtures/wrap-worker.js', import.meta.url), {
        workerData: shared.handle(),
      }),
  );
  const cache = await shared.cache();
  const said = await Promise.all(
    workers.map(async (worker) => {
      const [message]: { value: string; isComputed: boolean }[] = await once(worker, 'message');
      return message!;
    }),
  );
  t.deepEqual(
    said.map(({ value }) => value),
    ['computed', 'computed'],
  );
  t.is(said.filter(({ isComputed }) => isComputed).length, 1);
  t.is(await cache.wrap('wanted', '1m', () => 'not again'), 'computed');
});

test('wrap serves the stale while it computes, and passes on what is thrown', async (t) => {
  const cache = await own(t);
  let count = 0;
  const next = (): string => `value ${(count += 1)}`;
  const wrapped = (): Promise<string> => cache.wrap('a', 5, next, { stale: '1m' });
  t.deepEqual(await Promise.all([wrapped(), wrapped()]), ['value 1', 'value 1']);
  await until(() => cache.ttl('a')! <= 60_000);
  t.is(await wrapped(), 'value 1');
  await until(() => cache.getSync('a') === 'value 2');
  t.true(cache.stats().servedStale >= 1);
  await t.throwsAsync(cache.wrap('b', 5, fail), { message: 'no' });
  t.is(await cache.wrap('b', '1m', () => 'yes'), 'yes');
});

function fail(): string {
  throw new Error('no');
}

test('hits and misses are counted, and told to who listens', async (t) => {
  const cache = await own(t);
  await cache.set('a', '1');
  const told: unknown[] = [];
  const listener = (message: unknown): void => void told.push(message);
  subscribe('ringleader:cache:get', listener);
  cache.getSync('a');
  cache.getSync('b');
  unsubscribe('ringleader:cache:get', listener);
  t.true(told.length >= 2);
  const { hits, misses, hitRate, writes, usedMemoryBytes } = cache.stats();
  t.deepEqual({ hits, misses, hitRate, writes }, { hits: 1, misses: 1, hitRate: 0.5, writes: 1 });
  t.true(usedMemoryBytes > 0);
});

test('replicas are read if that is asked for, and say how far they are', async (t) => {
  const cache = await shared.cache({ read: 'nearest', maxStalenessMs: 1_000 });
  await cache.set('replicated', '1');
  await until(() => cache.getSync('replicated') === '1');
  await until(() => {
    cache.getSync('replicated');
    return cache.stats().replicaReads > 0;
  });
  t.deepEqual(
    cache.staleness().map(({ id, isMaster }) => [id, isMaster]),
    [
      ['node-0', true],
      ['node-1', false],
    ],
  );
});

test('what is no handle, or no option, is refused by name', async (t) => {
  await t.throwsAsync(attach(JSON.parse('{}')), {
    code: 'CONFIG_INVALID',
    message: /cluster\.handle\(\)/,
  });
  const bad = [
    { codec: 'xml' },
    { jitter: 2 },
    { ttl: -5 },
    { read: 'all' },
    { namespace: '' },
    { colour: 1 },
  ];
  for (const options of bad) {
    const [name] = Object.keys(options);
    await t.throwsAsync(shared.cache(JSON.parse(JSON.stringify(options))), {
      code: 'CONFIG_INVALID',
      message: new RegExp(name!),
    });
  }
});

test('memory that is full gives up what is used least', async (t) => {
  const cluster = await Cluster.start({ replicas: 0, sentinels: 0, maxmemory: '3mb' });
  try {
    const cache = await cluster.cache();
    const value = 'x'.repeat(1_000);
    await cache.set('hot', value);
    for (let i = 0; i < 2_400; i += 100) {
      await Promise.all(Array.from({ length: 100 }, (_, j) => cache.set(`cold ${i + j}`, value)));
      for (let j = 0; j < 50; j++) cache.getSync('hot');
      if (i % 400 === 0) await cache.client.request('TOUCH', 'hot');
    }
    t.true(cache.stats().evictedKeys > 500);
    t.is(cache.getSync('hot'), value);
  } finally {
    await cluster.stop();
  }
});

test('reads go on while a master is dead, and writes resume at the next', async (t) => {
  const cluster = await Cluster.start({ replicas: 1, sentinels: 3 });
  const handle = cluster.handle();
  try {
    const cache = await cluster.cache();
    await cache.set('a', '1');
    const { masterId } = cluster;
    const killed = cluster.kill(masterId);
    const writes = Promise.all([
      cache.namespace('fresh').set('a', '1'),
      cache.namespace('cleared').clear(),
      cache.namespace('wrapped').wrap('a', '1m', () => '1'),
      cache.delete('b'),
    ]);
    for (let i = 0; i < 1_000; i++) t.is(cache.getSync('a'), '1');
    await killed;
    t.is(cache.getSync('a'), '1');
    await writes; // Those that may have been lost with the master are repeated.
    await cache.set('a', '2');
    t.is(cache.getSync('a'), '2');
    t.not(cache.staleness().find(({ isMaster }) => isMaster)?.id, masterId);
  } finally {
    await cluster.stop();
  }
  await t.throwsAsync(attach(handle), { code: 'CLOSED', message: /stopped/ });
});
