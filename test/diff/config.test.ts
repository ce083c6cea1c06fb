/** CONFIG SET beside real Redis': every directive with values inside and outside of its limits. */
import { testWithRedis as test } from '../support/real-redis.js';
import { RespClient } from '../support/resp-client.js';
import { startPair } from './compare.js';

const VALUES: readonly string[] = [
  '',
  '-2',
  '-1',
  '0',
  '1',
  '2',
  '11',
  '100',
  '101',
  '1001',
  '65536',
  '2147483647',
  '2147483648',
  '4294967296',
  '9223372036854775807',
  '9223372036854775808',
  '18446744073709551616',
  '1kb',
  '5%',
  '101%',
  '0.5',
  'YES',
  'maybe',
  '1 2',
  ' 1',
  '01',
  '+1',
  'normal 1 -1 0',
  'pubsub 1mb 1mb 60',
  'volatile-lru',
];

/**
 * To set them would end the test's own connection, or is a matter of the machine or of the build.
 */
const APART = new Set([
  'bind',
  'requirepass',
  'timeout',
  'maxclients',
  'maxmemory-clients',
  'dir',
  'port',
  'logfile',
  'activedefrag',
  'oom-score-adj',
  'oom-score-adj-values',
  'bind-source-addr',
  'proc-title-template',
  'repl-diskless-load',
  'list-compress-depth', // Refused but for 0, as no list is compressed here.
  'hz',
]);

/** What a backlog can have of the 4 GiB that a node has; Redis takes anything. */
const MOST_BACKLOG = '3221225472';

/** A backlog that memory has no room for; a number that is told as the one below it. */
function isApart(name: string, value: string): boolean {
  if (name === 'maxmemory') return value === '9223372036854775808';
  return name === 'repl-backlog-size' && Number(value) >= 2 ** 31 - 1;
}

test('values are refused and taken as Redis does', async (t) => {
  const pair = await startPair(t);
  const real = await RespClient.connect(pair.real.port);
  const ours = await RespClient.connect(pair.ours.port);
  const all = await real.value('CONFIG', 'GET', '*');
  const settings = Array.isArray(all) ? all.map(String) : [];
  t.true(settings.length > 300);
  for (let at = 0; at + 1 < settings.length; at += 2) {
    const [name = '', before = ''] = settings.slice(at, at + 2);
    if (APART.has(name) || /^(tls|cluster)-/.test(name)) continue;
    for (const value of VALUES.filter((each) => !isApart(name, each))) {
      const expected = await real.value('CONFIG', 'SET', name, value);
      const actual = await ours.value('CONFIG', 'SET', name, value);
      const limited =
        name === 'repl-backlog-size'
          ? String(expected).replace('9223372036854775807', MOST_BACKLOG)
          : expected;
      t.is(actual, limited, `${name} ${value}`);
      if (expected !== '+OK') continue;
      const shown = await real.value('CONFIG', 'GET', name);
      t.deepEqual(await ours.value('CONFIG', 'GET', name), shown, `${name} ${value}`);
    }
    await real.call('CONFIG', 'SET', name, before);
    await ours.call('CONFIG', 'SET', name, before);
  }
  real.close();
  ours.close();
});

/** What Redis takes of words with a form of their own, and does not. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  'proc-title-template': [
    'x',
    '',
    ' ',
    '{',
    '{{',
    '{{x}',
    'x{title',
    '{title}',
    '{title} {port}',
    '{foo}',
    '{}',
    '{server-mode}',
    'a{unixsocket}',
    '{config-file}{tls-port}',
  ],
  'cluster-announce-hostname': ['a_b', 'a-b.c', '', 'h'.repeat(255), 'h'.repeat(256), 'a b'],
  'latency-tracking-info-percentiles': ['0x10', '0x65', 'inf', '-inf', 'nan', '1e1', '.5', '0x'],
};

test('words with a form of their own are refused and taken as Redis does', async (t) => {
  const pair = await startPair(t);
  const real = await RespClient.connect(pair.real.port);
  const ours = await RespClient.connect(pair.ours.port);
  for (const [name, words] of Object.entries(WORDS)) {
    for (const word of words) {
      const expected = await real.value('CONFIG', 'SET', name, word);
      t.is(await ours.value('CONFIG', 'SET', name, word), expected, `${name} ${word}`);
      const shown = await real.value('CONFIG', 'GET', name);
      t.deepEqual(await ours.value('CONFIG', 'GET', name), shown, `${name} ${word}`);
    }
  }
  real.close();
  ours.close();
});
