/** Users and what they may do, against real Redis: rules, their texts, and what they permit. */
import type { ExecutionContext } from 'ava';
import { testWithRedis as test } from '../support/real-redis.js';
import { plain, RespClient } from '../support/resp-client.js';
import { compare, type Pair, startPair } from './compare.js';

/** Rules for a new user, and what is asked about it then. */
const RULES: readonly string[] = [
  '',
  'on nopass allkeys allchannels +@all',
  'ON NOPASS ALLKEYS +@ALL',
  'on >a >b >a <b',
  '<never',
  '!1111111111111111111111111111111111111111111111111111111111111111',
  '#zz',
  '#c3ab8ff13720e8ad9047dd39466b3c8974e5926f61f9b6d4a3b3b7c0a1a1a1a1 sanitize-payload',
  'skip-sanitize-payload off reset',
  '~a* ~a* %R~b* %W~b* %r~c %RW~d %W~e',
  '%X~a',
  '%RR~a',
  '%R',
  '~* ~a',
  'allkeys %R~a',
  '~a allkeys resetkeys ~b',
  '&a* &a* &b',
  '&* &a',
  'allchannels resetchannels &x',
  '"~a b"',
  '"&a b"',
  '+get +set -get',
  '+nosuch',
  '-nosuch',
  '+@nosuch',
  '+@',
  '+',
  'nosuch',
  '+config',
  '+config -config|set',
  '+config|get',
  '+config|nosuch',
  '+config|',
  '+config|get|x',
  '-config|nosuch',
  '+select|0 +select|1 +SELECT|0',
  '+select|0 +select',
  '+select|0 -select',
  '-select|0',
  '+get|a -@all',
  '+@all -@dangerous',
  '+@all -@all +get',
  '+@all -set -config',
  '+@all -config|get',
  'allcommands nocommands +@connection',
  '(~a* +get)',
  '( ~a* +get ) (+set ~b)',
  '(~a*',
  '(~a +get) ) x',
  '(nosuch)',
  '(+@all) clearselectors',
  '(~a &x +get +publish) (+@all -get ~b* allchannels)',
  '()',
  '(on)',
  '+@all ~k* &c* (~other +get) on >pass',
];

const CALLS: readonly string[] = [
  'get a',
  'get b1',
  'set a 1',
  'set b1 1',
  'set c 1 get',
  'set d 1 get',
  'mget a b1 c',
  'mset a 1 k1 2',
  'del k1 a',
  'copy b1 a',
  'rename e b1',
  'append b1 x',
  'bitfield b1 get u8 0',
  'bitfield b1 set u8 0 1',
  'config get x',
  'config set a b',
  'config help',
  'select 0',
  'select 1',
  'select 2',
  'ping',
  'auth a',
  'flushall',
  'publish a m',
  'publish c1 m',
  'subscribe a1 b',
  'psubscribe a*',
  'psubscribe c?',
  'unsubscribe z',
  'nosuch a',
  'get',
  'config nosuch',
];

test('rules are taken, refused and shown as Redis does, and permit what they permit there', async (t) => {
  const pair = await startPair(t);
  const lines = RULES.flatMap((rules) => [
    'ACL DELUSER u',
    `ACL SETUSER u ${rules}`,
    'ACL GETUSER u',
    ...CALLS.map((call) => `ACL DRYRUN u ${call}`),
  ]);
  await compare(t, pair, lines, { protocols: [3], mask: maskCommands });
  await compare(t, pair, ['ACL LIST', 'ACL GETUSER default', 'ACL GETUSER none'], {
    mask: maskCommands,
  });
});

/** The order of single commands is that of a hash table of Redis. */
function maskCommands(line: string, value: unknown): unknown {
  if (!/^ACL (GETUSER|LIST)/.test(line)) return value;
  const sorted = (text: string): string => text.split(' ').toSorted().join(' ');
  const walk = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(walk);
    return typeof part === 'string' && part.includes('@') ? sorted(part) : part;
  };
  return walk(value);
}

/** What a session of lines is answered, one connection after the other. */
async function sessions(
  t: ExecutionContext,
  pair: Pair,
  scripts: readonly (readonly string[])[],
): Promise<void> {
  const answers: unknown[] = [];
  for (const port of [pair.real.port, pair.ours.port]) {
    const got: unknown[] = [];
    for (const lines of scripts) {
      const client = await RespClient.connect(port);
      for (const line of lines) got.push([line, await client.value(...line.split(' '))]);
      client.close();
    }
    answers.push(got);
  }
  t.deepEqual(answers[1], answers[0]);
}

test('a limited user is refused in the words of Redis, in MULTI too', async (t) => {
  const pair = await startPair(t);
  await sessions(t, pair, [
    [
      'ACL SETUSER u on >p ~k* &c* +@all -@dangerous -append',
      'ACL SETUSER r on nopass %R~k* +get +set +multi +exec',
      'ACL SETUSER off off >p +@all',
    ],
    [
      'AUTH u wrong',
      'AUTH off p',
      'AUTH none p',
      'AUTH u p',
      'ACL WHOAMI',
      'SET k 1',
      'GET k',
      'GET x',
      'APPEND k 1',
      'KEYS *',
      'FLUSHALL',
      'CONFIG GET x',
      'PUBLISH c 1',
      'PUBLISH d 1',
      'MULTI',
      'SET x 1',
      'SET k 1',
      'EXEC',
      'RESET',
      'ACL WHOAMI',
    ],
    ['AUTH r any', 'GET k', 'SET k 1', 'SET k 1 GET', 'MGET k', 'MULTI', 'SET k 2', 'EXEC'],
    ['CLIENT KILL USER none', 'CLIENT KILL USER u', 'ACL LOG 0', 'ACL LOG x', 'ACL LOG RESET'],
  ]);
});

test('rules that change between MULTI and EXEC count at EXEC', async (t) => {
  const pair = await startPair(t);
  const answers: unknown[] = [];
  for (const port of [pair.real.port, pair.ours.port]) {
    const admin = await RespClient.connect(port);
    const client = await RespClient.connect(port);
    await admin.call('ACL', 'SETUSER', 'u', 'on', 'nopass', '~*', '&*', '+@all');
    const got = [await client.value('AUTH', 'u', 'x')];
    for (const line of ['MULTI', 'SET a 1', 'GET a', 'SET b 2', 'PUBLISH c m']) {
      got.push(await client.value(...line.split(' ')));
    }
    await admin.call('ACL', 'SETUSER', 'u', '-get', 'resetkeys', '~a', 'resetchannels', '&x');
    got.push(await client.value('EXEC'), await admin.value('GET', 'b'));
    const log = await admin.value('ACL', 'LOG');
    got.push(JSON.stringify(log).replaceAll(/"age-seconds".*?(?="count"|$)/g, ''));
    answers.push(got);
    for (const each of [admin, client]) each.close();
  }
  t.deepEqual(answers[1], answers[0]);
});

test('connections of users that are gone, and listeners to what may not be heard, end', async (t) => {
  const pair = await startPair(t);
  const answers: unknown[] = [];
  for (const port of [pair.real.port, pair.ours.port]) {
    const admin = await RespClient.connect(port);
    await admin.call('ACL', 'SETUSER', 'u', 'on', 'nopass', '~*', '&*', '+@all');
    const as = async (...then: readonly string[]): Promise<RespClient> => {
      const client = await RespClient.connect(port);
      await client.call('AUTH', 'u', 'x');
      await client.call(...then);
      return client;
    };
    const listener = await as('SUBSCRIBE', 'a');
    const kept = await as('SUBSCRIBE', 'b');
    const other = await as('PING');
    await admin.call('ACL', 'SETUSER', 'u', 'resetchannels', '&b*');
    await listener.closed();
    const got = [kept.ended, await other.value('ACL', 'WHOAMI')];
    got.push(await other.value('ACL', 'DELUSER', 'u'));
    await other.closed();
    await kept.closed();
    got.push(await admin.value('ACL', 'USERS'), await admin.value('ACL', 'DELUSER', 'default'));
    answers.push(got);
    admin.close();
  }
  t.deepEqual(answers[1], answers[0]);
});

test('ACL LOG counts what is denied again, and tells what is denied', async (t) => {
  const pair = await startPair(t);
  const answers: unknown[] = [];
  for (const port of [pair.real.port, pair.ours.port]) {
    const admin = await RespClient.connect(port);
    const client = await RespClient.connect(port);
    await admin.call('ACL', 'SETUSER', 'u', 'on', '>p', '~k', '+get', '+multi', '+publish');
    await client.call('HELLO', '2', 'AUTH', 'u', 'bad');
    await client.call('auth', 'u', 'p');
    for (const line of [
      'GET x',
      'GET x',
      'SET k 1',
      'PUBLISH c m',
      'GET y',
      'GET x',
      'CONFIG GET a',
    ]) {
      await client.call(...line.split(' '));
    }
    await client.call('MULTI');
    await client.call('GET', 'x');
    const log = JSON.stringify(await admin.value('ACL', 'LOG', '50'));
    answers.push(log.replaceAll(/"age-seconds","[^"]*"/g, '').replaceAll(/id=.*?cmd=/g, ''));
    for (const each of [admin, client]) each.close();
  }
  t.is(answers[1], answers[0]);
});

test('the default user’s password and its rules are one thing', async (t) => {
  const pair = await startPair(t, ['requirepass secret']);
  await sessions(t, pair, [
    ['PING', 'AUTH secret', 'ACL LIST', 'CONFIG SET requirepass other', 'ACL LIST'],
    ['AUTH secret', 'AUTH other', 'ACL SETUSER default nopass', 'CONFIG GET requirepass'],
    ['PING', 'AUTH x', 'ACL SETUSER default off', 'PING'],
    ['PING', 'AUTH default x'],
  ]);
});

test('ACL CAT lists the commands of this server in their categories', async (t) => {
  const pair = await startPair(t);
  const real = await RespClient.connect(pair.real.port);
  const ours = await RespClient.connect(pair.ours.port);
  const categories = plain(await real.call('ACL', 'CAT'));
  t.deepEqual(plain(await ours.call('ACL', 'CAT')), categories);
  const names = async (client: RespClient, category: string): Promise<string[]> => {
    const value = await client.value('ACL', 'CAT', category);
    return Array.isArray(value) ? value.map(String) : [];
  };
  for (const category of Array.isArray(categories) ? categories.map(String) : []) {
    const there = new Set(await names(real, category));
    const here = await names(ours, category);
    t.deepEqual(
      here.filter((name) => !there.has(name) && !OWN.has(name)),
      [],
      category,
    );
  }
  t.is(await ours.value('ACL', 'CAT', 'nosuch'), await real.value('ACL', 'CAT', 'nosuch'));
  real.close();
  ours.close();
});

/** Of a later Redis. */
const OWN = new Set(['client|setinfo']);
