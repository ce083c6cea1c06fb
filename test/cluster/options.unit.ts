import test from 'ava';
import path from 'node:path';
import { inspect } from 'node:util';

import { parseOptions } from '../../src/cluster/options.js';

test('nothing given: one master, two replicas, three sentinels, a majority', (t) => {
  t.like(parseOptions({}), {
    replicas: 2,
    sentinels: 3,
    quorum: 2,
    host: '127.0.0.1',
    port: 0,
    sentinelPort: 0,
    name: 'mymaster',
    fencing: true,
    seed: null,
  });
  t.is(parseOptions({ sentinels: 4 }).quorum, 3);
});

test('a master outside is given by its URL', (t) => {
  t.is(parseOptions({}).replicaOf, null);
  t.like(parseOptions({ replicaOf: 'rediss://u:p%20w@db.example:6380/0' }).replicaOf, {
    host: 'db.example',
    port: 6380,
    tls: true,
    auth: ['u', 'p w'],
  });
});

test('what is kept is said by options, which are directives as well', (t) => {
  t.is(parseOptions({ save: '', appendonly: false }).dir, null);
  const { dir, config } = parseOptions({ dir: 'data', save: '60 1', appendonly: true });
  t.is(dir, path.resolve('data'));
  t.deepEqual(config, { save: '60 1', appendonly: 'yes' });
});

test('directives are written as redis.conf has them', (t) => {
  const { config } = parseOptions({ config: { appendonly: false, hz: 10, save: '' } });
  t.deepEqual(config, { appendonly: 'no', hz: '10', save: '' });
});

const refusals: [unknown, RegExp][] = [
  [{ replicas: -1 }, /^cannot use replicas: .*>=0; got -1$/],
  [{ replicas: 17 }, /replicas: .*<=16; got 17$/],
  [{ sentinels: 1.5 }, /sentinels: .*int.*; got 1.5$/],
  [{ port: 65_536 }, /port: .*<=65535; got 65536/],
  [{ port: 65_535, replicas: 1 }, /port: at most 65534; got 65535/],
  [{ port: 6379, sentinelPort: 6381 }, /sentinelPort: outside the nodes' 6379 to 6381; got 6381/],
  [{ quorum: 4 }, /quorum: at most the number of sentinels, 3; got 4/],
  [{ name: 'my master' }, /name: only letters.*; got "my master"/],
  [{ config: { Hz: 1 } }, /config/],
  [{ downAfterMs: 0 }, /downAfterMs: .*; got 0/],
  [{ replica: 2 }, /no option replica/],
  // What Redis takes and a node's memory cannot hold.
  [{ config: { databases: 1e9 } }, /config.databases: .* between 1 and 1000000 inclusive; got/],
  [{ config: { 'repl-backlog-size': '8gb' } }, /repl-backlog-size: .* 3221225472 inclusive; got/],
  [{ replicaOf: 'a:6379' }, /^cannot use replicaOf: a server is redis:.*got "a:6379"$/],
  [{ replicaOf: 'redis://u:s3cret@a/3' }, /^cannot use replicaOf: .*got "redis:\/\/a\/3"$/],
  [{ replicaOf: 'redis://a?x=1' }, /^cannot use replicaOf: a server without database/],
  [{ announceIp: '0.0.0.0' }, /announceIp: one address, not all; got "0.0.0.0"/],
  [{ host: '[::1]' }, /host: an address, IPv6 without brackets; got/],
  [{ announceIp: 'a b' }, /announceIp: an address/],
  [{ announceIp: '300.1.1.1' }, /announceIp: an address of four numbers to 255; got "300.1.1.1"/],
  [{ announceIp: '10.0.1' }, /announceIp: an address of four numbers/],
  [{ config: { hz: 1n } }, /config.hz: .*; got a bigint/],
  // Directives are looked at before anything starts.
  [{ config: { nosuch: 1 } }, /^cannot use config.nosuch: there is no such directive$/],
  [{ config: { hz: 'often' } }, /^cannot use config.hz: .*; got "often"$/],
  [{ config: { save: '3600' } }, /^cannot use config.save: Invalid save parameters; got "3600"$/],
  [{ config: { 'repl-backlog-size': '1xb' } }, /config.repl-backlog-size: .*got "1xb"/],
  [{ config: { port: 7000 } }, /^cannot use config.port: the option `port` says/],
  [{ config: { bind: '0.0.0.0' } }, /^cannot use config.bind: the option `host` says/],
  [{ config: { replicaof: '127.0.0.1 1' } }, /^cannot use config.replicaof: .*`replicaOf` whom/],
  [{ config: { slaveof: '127.0.0.1 1' } }, /^cannot use config.slaveof: .*`replicaOf` whom/],
  [
    { config: { appendonly: true } },
    /^cannot use config.appendonly: without the option `dir` a cluster keeps its data in memory only$/,
  ],
  [
    { config: { save: '3600 1' } },
    /^cannot use config.save: without the option `dir` a cluster keeps its data in memory only$/,
  ],
  [{ config: { dir: '/tmp' } }, /^cannot use config.dir: the option `dir` says where/],
  [{ save: '60 1' }, /^cannot use save: nothing without `dir`; got "60 1"$/],
  [{ appendonly: true }, /^cannot use appendonly: nothing without `dir`; got true$/],
  [{ dir: '/tmp', save: '60' }, /^cannot use config.save: Invalid save parameters; got "60"$/],
  [
    { config: { daemonize: 'yes' } },
    /^cannot use config.daemonize: 'daemonize' is not supported by ringleader/,
  ],
  [{ sentinels: 0, quorum: 1 }, /^cannot use quorum: at most the number of sentinels, 0; got 1$/],
  [
    { watch: { 'a b': 'redis://a' } },
    /^cannot use watch, a name in it: only letters.*; got "a b"$/,
  ],
  ['two', /cannot use options: .*; got "two"/],
];
for (const [options, message] of refusals) {
  test(`refused: ${inspect(options)}`, (t) => {
    t.throws(() => parseOptions(options), { code: 'CONFIG_INVALID', message });
  });
}

const announced = (options: object): string => parseOptions(options).announceIp;

test('what is announced can be connected to', (t) => {
  t.is(announced({}), '127.0.0.1');
  t.is(announced({ host: '::1' }), '::1');
  for (const host of ['0.0.0.0', '::', '*']) {
    t.is(announced({ host }), '127.0.0.1'); // Nobody else is served.
    t.notRegex(announced({ host, config: { requirepass: 'x' } }), /^(0\.0\.0\.0|\*|::)$/);
  }
  t.is(announced({ host: '0.0.0.0', announceIp: '203.0.113.5' }), '203.0.113.5');
  t.is(announced({ announceIp: 'redis.example' }), 'redis.example');
});

test('ports that just fit', (t) => {
  t.notThrows(() => parseOptions({ port: 65_533 }));
  t.notThrows(() => parseOptions({ port: 6379, sentinelPort: 6382 }));
  t.notThrows(() => parseOptions({ port: 6379, sentinelPort: 6376 }));
});

function bytes(maxmemory: number | string): string | undefined {
  return parseOptions({ maxmemory }).config['maxmemory'];
}

test('the option maxmemory counts beside a directive, whose policy counts', (t) => {
  const config = { maxmemory: '64mb', 'maxmemory-policy': 'volatile-ttl' };
  t.like(parseOptions({ maxmemory: 4096, config }).config, {
    maxmemory: '4096',
    'maxmemory-policy': 'volatile-ttl',
  });
});

test('maxmemory is a size as everywhere else, and in bytes for the nodes', (t) => {
  t.is(bytes(4096), '4096');
  t.is(bytes('256mb'), String(256 * 2 ** 20));
  t.is(bytes('1.5gb'), String(1.5 * 2 ** 30));
  for (const text of ['', 'much', '-1mb', '5 parsecs']) {
    t.throws(() => bytes(text), { code: 'CONFIG_INVALID', message: /maxmemory/ }, text);
  }
});
