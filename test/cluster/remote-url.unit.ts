import test from 'ava';
import { parseRemoteUrl } from '../../src/cluster/remote/remote-url.js';

test('sentinels, the name they watch by, a database, passwords', (t) => {
  t.deepEqual(
    parseRemoteUrl('redis+sentinel://ada:p%40ss@a:1,b,[::1]:3/prime/2?sentinel_password=s%26t'),
    {
      sentinels: [
        { host: 'a', port: 1 },
        { host: 'b', port: 26379 },
        { host: '::1', port: 3 },
      ],
      server: null,
      name: 'prime',
      isTls: false,
      auth: ['ada', 'p@ss'],
      sentinelAuth: ['s&t'],
      database: 2,
    },
  );
  t.like(parseRemoteUrl('rediss+sentinel://h'), { name: 'mymaster', isTls: true, database: 0 });
  t.like(parseRemoteUrl('valkeys+sentinel://h?sentinel_username=u&sentinel_password=p'), {
    isTls: true,
    sentinelAuth: ['u', 'p'],
  });
});

test('one server', (t) => {
  t.like(parseRemoteUrl('redis://:100%@[fe80::1]/3'), {
    sentinels: [],
    server: { host: 'fe80::1', port: 6379 },
    isTls: false,
    auth: ['100%'],
    database: 3,
  });
  t.like(parseRemoteUrl('redis://user@h:1'), { auth: ['user'], database: 0 });
});

test('a parameter that there is not is named', (t) => {
  t.throws(() => parseRemoteUrl('redis://h?db=1'), {
    message: 'cannot use the URL: no parameter db; got "redis://h"',
  });
  t.throws(() => parseRemoteUrl('redis+sentinel://h?db=1'), {
    message: /^cannot use the URL: no parameter db, only sentinel_password and sentinel_username;/,
  });
});

test('what is no such URL is refused without its password', (t) => {
  for (const text of [
    '',
    'http://h',
    'redis+sentinel://:s3cret@',
    'redis+sentinel://:s3cret@h:0/name',
    'redis+sentinel://:s3cret@h:65536',
    'redis+sentinel://:s3cret@h,/name',
    'redis+sentinel://:s3cret@h/name/x',
    'redis+sentinel://:s3cret@h/name/1/2',
    'redis+sentinel://:s3cret@h?password=s3cret',
    'redis://:s3cret@a,b',
    'redis://:s3cret@h/-1',
    'redis://:s3cret@h?sentinel_password=s3cret',
  ]) {
    const error = t.throws(() => parseRemoteUrl(text), { code: 'CONFIG_INVALID' }, text);
    t.notRegex(error.message, /s3cret/, text);
  }
});
