/** Users and what they may do, against real Redis: rules, their texts, and what they permit. */
import type { ExecutionContext } from 'ava';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LoneNode } from '../support/lone-node.js';
import { RealRedis, testWithRedis as test } from '../support/real-redis.js';
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
  'set e 1',
  'set b1 1 ex 10',
  'get e',
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
  const walk = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(walk);
    return typeof part === 'string' && part.includes('@') ? inOrder(part) : part;
  };
  return walk(value);
}

function inOrder(text: string): string {
  return text.split(' ').toSorted().join(' ');
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
  for (const category of Array.isArray(categories) ? categories.map(String) : []) {
    const there = new Set(await namesIn(real, category));
    const here = await namesIn(ours, category);
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

async function namesIn(client: RespClient, category: string): Promise<string[]> {
  const value = await client.value('ACL', 'CAT', category);
  return Array.isArray(value) ? value.map(String) : [];
}

/** Of a later Redis. */
const OWN = new Set(['client|setinfo']);

/** Files of users, each wrong in its way, or not. */
const FILES: readonly string[] = [
  '',
  'user alice on nopass +@all\n\n  user bob off >p ~a*  \n',
  'user default on nopass ~* +@all',
  'user alice on\nuser alice off',
  'user default on\nuser default off',
  'nouser alice',
  'user',
  'user alice +nosuch &a >x ~* ~b\nuser bob nosuch +nosuch',
  'user alice (+get ~a) (+set ~b)',
  'user alice (+get ~a',
  'user alice #bad',
  '# a comment',
  'user alice on\r\nuser bob on',
];

test('files of users are read, or refused whole, and written', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'ringleader-acl-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'users.acl');
  await writeFile(file, '');
  const real = await RealRedis.start('--dir', folder, '--aclfile', 'users.acl');
  t.teardown(() => real.stop());
  const ours = await LoneNode.start({ config: 'aclfile users.acl' });
  t.teardown(() => ours.stop());
  const [there, here] = [await RespClient.connect(real.port), await RespClient.connect(ours.port)];
  for (const text of FILES) {
    await writeFile(file, text);
    ours.users.text = text;
    for (const line of ['ACL LOAD', 'ACL LIST', 'ACL SAVE', 'ACL LIST']) {
      const words = line.split(' ');
      t.deepEqual(await here.value(...words), await there.value(...words), `${line}: ${text}`);
    }
    t.is(ours.users.text, await readFile(file, 'latin1'), text);
  }
  await there.call('ACL', 'SETUSER', 'alice', 'on', 'nopass', '+@all');
  await here.call('ACL', 'SETUSER', 'alice', 'on', 'nopass', '+@all');
  const ends = await Promise.all(
    [real.port, ours.port].map(async (port) => {
      const alice = await RespClient.connect(port);
      await alice.call('AUTH', 'alice', 'x');
      const loaded = await alice.value('ACL', 'LOAD');
      await alice.closed();
      return loaded;
    }),
  );
  t.deepEqual(ends, ['+OK', '+OK']);
  for (const client of [there, here]) client.close();
});

test('users of the configuration are there from the start, and are written into its file', async (t) => {
  const config = ['user default on nopass ~* +@all -flushdb', 'user app on >p "~app:*" +@read'];
  const pair = await startPair(t, config);
  await compare(t, pair, ['ACL LIST', 'FLUSHDB', 'SUBSCRIBE a', 'ACL LOAD', 'ACL SAVE'], {
    mask: maskCommands,
    protocols: [3],
  });
  const node = await LoneNode.start({
    config: config.join('\n'),
    configFile: 'user app on\n# kept\nuser gone on\nuser more on',
  });
  t.teardown(() => node.stop());
  const client = await RespClient.connect(node.port);
  t.is(await client.value('CONFIG', 'REWRITE'), '+OK');
  const lines = (node.file.text ?? '').split('\n').filter((line) => /^(user|# kept)/.test(line));
  t.is(lines.length, 3);
  t.regex(lines[0] ?? '', /^user app on #[0-9a-f]{64} ~app:\* resetchannels -@all \+@read$/);
  t.deepEqual(lines.slice(1), [
    '# kept',
    'user default on nopass sanitize-payload ~* resetchannels +@all -flushdb',
  ]);
  client.close();
  for (const [wrong, why] of [
    [['user a on', 'user a off'], /Duplicate user found/],
    [['user a nosuch'], /Error in user declaration 'nosuch': Syntax error/],
    [['user a +nosuch'], /Unknown command or category name in ACL/],
    [['user a on', 'aclfile x'], /users defined in redis\.conf and at the same/],
  ] as const) {
    await t.throwsAsync(LoneNode.start({ config: wrong.join('\n') }), { message: why });
  }
});
