/**
 * COMMAND INFO and CONFIG GET against real Redis: the facts in our spec files and directive tables.
 */
import { standardCommands } from '../../src/commands/index.js';
import { Config } from '../../src/config/config.js';
import { testWithRedis as test } from '../support/real-redis.js';
import { plain, RespClient } from '../support/resp-client.js';
import { startPair } from './compare.js';

test('COMMAND INFO tells of each command what Redis tells', async (t) => {
  const pair = await startPair(t);
  const real = await RespClient.connect(pair.real.port);
  const ours = await RespClient.connect(pair.ours.port);
  for (const spec of standardCommands) {
    const expected = comparable(plain(await real.call('COMMAND', 'INFO', spec.name)));
    const actual = comparable(plain(await ours.call('COMMAND', 'INFO', spec.name)));
    t.deepEqual(actual, expected, spec.name);
  }
  for (const spec of standardCommands.filter(({ subcommands }) => subcommands !== undefined)) {
    for (const { name } of spec.subcommands ?? []) {
      if (name === 'setinfo') continue; // Of a later Redis.
      const full = `${spec.name}|${name}`;
      const expected = plain(await real.call('COMMAND', 'INFO', full));
      t.deepEqual(plain(await ours.call('COMMAND', 'INFO', full)), expected, full);
    }
  }
  real.close();
  ours.close();
});

/** Without the list of subcommands, of which there are fewer here: they are compared one by one. */
function comparable(info: unknown): unknown {
  const [command] = Array.isArray(info) ? info : [];
  return Array.isArray(command) ? command.slice(0, 9) : info;
}

test('COMMAND DOCS describes arguments with the types and tokens that Redis gives them', async (t) => {
  const pair = await startPair(t);
  const real = await RespClient.connect(pair.real.port);
  const ours = await RespClient.connect(pair.ours.port);
  await real.call('HELLO', '3');
  await ours.call('HELLO', '3');
  for (const name of DOCUMENTED) {
    const expected = argumentsOf(await real.value('COMMAND', 'DOCS', name));
    t.deepEqual(argumentsOf(await ours.value('COMMAND', 'DOCS', name)), expected, name);
  }
  real.close();
  ours.close();
});

test('COMMAND DOCS has the history of each command', async (t) => {
  const pair = await startPair(t);
  const histories: Map<string, unknown>[] = [];
  for (const { port } of [pair.real, pair.ours]) {
    const client = await RespClient.connect(port);
    await client.call('HELLO', '3');
    const found = new Map<string, unknown>();
    collectHistories(await client.value('COMMAND', 'DOCS'), found);
    histories.push(found);
    client.close();
  }
  const [real = new Map<string, unknown>(), ours] = histories;
  t.true(real.size > 60);
  for (const name of real.keys()) if (name.startsWith('cluster|')) real.delete(name);
  t.deepEqual(Object.fromEntries(ours ?? []), Object.fromEntries(real));
});

/** Of each command and subcommand that has one. */
function collectHistories(docs: unknown, into: Map<string, unknown>): void {
  if (!Array.isArray(docs)) return;
  for (const pair of docs as unknown[]) {
    const [name, fields] = Array.isArray(pair) ? (pair as unknown[]) : [];
    if (!Array.isArray(fields)) continue;
    for (const field of fields as unknown[]) {
      const [what, value] = Array.isArray(field) ? (field as unknown[]) : [];
      if (what === 'history') into.set(String(name), value);
      if (what === 'subcommands') collectHistories(value, into);
    }
  }
}

test('COMMAND GETKEYS and GETKEYSANDFLAGS find the keys that Redis finds', async (t) => {
  const pair = await startPair(t);
  const real = await RespClient.connect(pair.real.port);
  const ours = await RespClient.connect(pair.ours.port);
  for (const call of CALLS_WITH_KEYS) {
    for (const subcommand of ['GETKEYS', 'GETKEYSANDFLAGS']) {
      const words = ['COMMAND', subcommand, ...call.split(' ')];
      t.deepEqual(plain(await ours.call(...words)), plain(await real.call(...words)), call);
    }
  }
  real.close();
  ours.close();
});

/** The arguments' trees, without since when there is each. */
function argumentsOf(docs: unknown): string {
  const text = JSON.stringify(docs);
  return text.slice(text.indexOf('"arguments"')).replaceAll(/,\["since","[\d.]+"\]/g, '');
}

test('every directive of Redis is known here, with its default', async (t) => {
  const pair = await startPair(t);
  const real = await RespClient.connect(pair.real.port);
  const reply = await real.call('CONFIG', 'GET', '*');
  real.close();
  t.is(reply?.type, 'array');
  const items = reply?.type === 'array' ? reply.items.map((item) => String(plain(item))) : [];
  const config = new Config();
  for (let i = 0; i + 1 < items.length; i += 2) {
    const name = items[i] ?? '';
    const setting = config.find(name);
    t.truthy(setting, `${name} is not known`);
    if (OWN_DEFAULTS.has(name)) continue;
    t.is(setting?.defaultText(), items[i + 1], name);
  }
});

/** Given by the test itself, or different for a reason told where they are defined. */
const OWN_DEFAULTS = new Set(['port', 'dir', 'save', 'pidfile', 'bind', 'enable-debug-command']);

/** Commands of every shape that the notation of arguments has, and all about strings and bits. */
const DOCUMENTED = [
  ...standardCommands.filter(({ group }) =>
    ['bitmap', 'geo', 'hyperloglog', 'sorted-set', 'string'].includes(group),
  ),
  ...standardCommands.filter(({ name }) =>
    ['del', 'expire', 'rename', 'echo', 'wait'].includes(name),
  ),
].map(({ name }) => name);

/** Of every kind of key spec, and wrong ones. */
const CALLS_WITH_KEYS = [
  'bitfield k get u8 0',
  'bitfield k get u8 0 overflow sat set u8 0 1',
  'bitfield k get u8',
  'bitop and to a b',
  'bzmpop 0 1 a min',
  'bzpopmin a b 0',
  'copy a b',
  'georadius k 0 0 1 m',
  'georadius k 0 0 1 m asc store a storedist b',
  'georadiusbymember k a 1 m storedist',
  'get',
  'get k v',
  'mset a 1 b 2',
  'mset a 1 b',
  'nonsense k',
  'object encoding k',
  'ping k',
  'set k v',
  'set k v ex 1 get',
  'set k get',
  'zdiffstore to 2 a b',
  'zintercard 3 a b',
  'zunion 0 a',
  'zunion x a',
  'zunionstore to 2 a b weights 1 2',
];
