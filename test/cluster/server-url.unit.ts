import test from 'ava';
import { parseServerUrl, withoutSecrets } from '../../src/cluster/server-url.js';

test('where a server is, and how it lets us in', (t) => {
  t.deepEqual(parseServerUrl('--from', 'redis://[::1]'), {
    host: '::1',
    port: 6379,
    tls: false,
    auth: [],
    label: 'redis://[::1]:6379',
  });
  t.like(parseServerUrl('--from', 'rediss://:p%40ss@db.example:6380/2'), {
    tls: true,
    auth: ['p@ss'],
    label: 'rediss://db.example:6380',
  });
  for (const [written, password] of [
    ['100%', '100%'],
    ['%zz', '%zz'],
    ['a%20b%', 'a b%'],
    ['%C3%A9', 'é'],
  ]) {
    t.deepEqual(parseServerUrl('--from', `redis://:${written}@h`).auth, [password]);
  }
});

test('what is no server is named without what may be its password', (t) => {
  for (const text of [
    'http://user:s3cret@host',
    'redis://user:s3cret@host:nonsense',
    'redis://:s3?cret@host',
    'user:s3cret@host:6379',
    ':s3cr/et@host',
    'redis:s3cret@host',
  ]) {
    const error = t.throws(() => parseServerUrl('--from', text), { code: 'CONFIG_INVALID' }, text);
    t.regex(error?.message ?? '', /^cannot use --from: a server is redis:.*host/);
    t.notRegex(error?.message ?? '', /s3|cret/, text);
  }
  t.is(withoutSecrets('http://u:p@prom:9090/api?token=t#x'), 'http://prom:9090/api');
  t.is(withoutSecrets('offsets.csv'), 'offsets.csv');
});
