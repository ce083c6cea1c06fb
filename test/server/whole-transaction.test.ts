/** A transaction that comes whole does what it does command by command. */
import test from 'ava';
import { encodeCommands } from '../../src/resp/encode-command.js';
import { StreamTap } from '../diff/random/follower.js';
import { LoneNode } from '../support/lone-node.js';
import { plain, RespClient } from '../support/resp-client.js';

type Commands = readonly (readonly string[])[];

const CASES: Record<string, Commands> = {
  'two writes and a read': [
    ['MULTI'],
    ['SET', 'a', '1'],
    ['INCR', 'a'],
    ['GET', 'a'],
    ['EXEC'],
    ['GET', 'a'],
  ],
  'one write': [['MULTI'], ['SET', 'a', '2'], ['EXEC']],
  'reads alone': [['multi'], ['GET', 'a'], ['EXISTS', 'a', 'b'], ['exec']],
  nothing: [['MULTI'], ['EXEC']],
  'an error on the way': [['MULTI'], ['LPUSH', 'a', 'x'], ['SET', 'b', '1'], ['EXEC']],
  'what blocks elsewhere': [['MULTI'], ['BLPOP', 'none', '0'], ['SET', 'c', '1'], ['EXEC']],
  'a command of the host': [['MULTI'], ['SET', 'd', '1'], ['COPY', 'd', 'e'], ['EXEC']],
  'too few arguments': [['MULTI'], ['SET', 'f', '1'], ['GET'], ['EXEC'], ['GET', 'f']],
  'an unknown command': [['MULTI'], ['SET', 'f', '1'], ['NOSUCH'], ['EXEC'], ['GET', 'f']],
  'one within another': [['MULTI'], ['SET', 'g', '1'], ['MULTI'], ['INCR', 'g'], ['EXEC']],
  'a second one behind it': [
    ['MULTI'],
    ['INCR', 'g'],
    ['EXEC'],
    ['MULTI'],
    ['INCR', 'g'],
    ['INCR', 'g'],
    ['EXEC'],
    ['GET', 'g'],
  ],
  'no end': [['MULTI'], ['INCR', 'g'], ['INCR', 'g'], ['DISCARD'], ['GET', 'g']],
  'in another database': [['SELECT', '3'], ['MULTI'], ['SET', 'a', 'x'], ['INCR', 'n'], ['EXEC']],
  'in RESP3': [['HELLO', '3'], ['MULTI'], ['HSET', 'h', 'f', 'v'], ['HGETALL', 'h'], ['EXEC']],
  'without replies': [
    ['CLIENT', 'REPLY', 'SKIP'],
    ['MULTI'],
    ['INCR', 'g'],
    ['INCR', 'g'],
    ['EXEC'],
    ['GET', 'g'],
  ],
};

const SILENT = 'without replies';

test('at once or command by command: replies, stream, counts', async (t) => {
  const nodes = [await LoneNode.start(), await LoneNode.start()] as const;
  t.teardown(() => Promise.all(nodes.map((node) => node.stop())));
  const taps = nodes.map((node) => new StreamTap(node));
  for (const [name, commands] of Object.entries(CASES)) {
    const [whole, single] = await Promise.all(nodes.map(({ port }) => RespClient.connect(port)));
    const answered = commands.length - (name === SILENT ? 2 : 0);
    whole!.write(encodeCommands(commands));
    const atOnce = (await whole!.take(answered)).map(plain);
    const oneByOne: unknown[] = [];
    for (const command of commands) {
      single!.write(encodeCommands([command]));
      if (name === SILENT) await new Promise(setImmediate);
      else if (oneByOne.length < answered) oneByOne.push(plain(await single!.next()));
    }
    if (name === SILENT) oneByOne.push(...(await single!.take(answered)).map(plain));
    t.deepEqual(atOnce.map(withoutIds), oneByOne.map(withoutIds), name);
    t.is(taps[0]!.take().toString(), taps[1]!.take().toString(), name);
    for (const client of [whole!, single!]) client.close();
  }
  const [counts, others] = await Promise.all(nodes.map((node) => calls(node)));
  t.deepEqual(counts, others);
  t.true(counts!.includes('cmdstat_exec:calls=15'), String(counts));
});

test('a user who may not MULTI may not do it at once', async (t) => {
  const node = await LoneNode.start();
  t.teardown(() => node.stop());
  const client = await RespClient.connect(node.port);
  t.teardown(() => client.close());
  await client.call('ACL', 'SETUSER', 'anna', 'on', 'nopass', '~*', '&*', '+@all', '-multi');
  await client.call('AUTH', 'anna', 'x');
  client.write(encodeCommands([['MULTI'], ['SET', 'a', '1'], ['SET', 'b', '1'], ['EXEC']]));
  const replies = (await client.take(4)).map(plain);
  t.regex(String(replies[0]), /^-NOPERM/);
  t.deepEqual(replies.slice(1, 3), ['+OK', '+OK']);
  t.regex(String(replies[3]), /^-ERR EXEC without MULTI/);
});

test('a queued script counts as what it declares; an error of its commands as its own', async (t) => {
  let refusal: string | null = null;
  const canWrite = (): string | null => refusal;
  const node = await LoneNode.start({ replication: { canWrite } });
  t.teardown(() => node.stop());
  const client = await RespClient.connect(node.port);
  t.teardown(() => client.close());
  await client.call('MULTI');
  await client.call('EVAL', '#!lua flags=no-writes\nreturn 1', '0');
  refusal = 'READONLY not now';
  t.deepEqual(await client.value('EXEC'), [1]);
  refusal = null;
  await client.call('MULTI');
  await client.call('EVAL', '#!lua\nreturn 1', '0');
  refusal = 'READONLY not now';
  t.regex(String(await client.value('EXEC')), /^-EXECABORT .* READONLY/);
  await client.call('CONFIG', 'RESETSTAT');
  await client.call('EVAL', "return redis.call('select', 99)", '0');
  const stats = String(await client.value('INFO', 'commandstats'));
  t.regex(stats, /cmdstat_eval:calls=1,.*failed_calls=1\r\n/);
});

/** HELLO tells the connection's number. */
function withoutIds(value: unknown): unknown {
  return JSON.stringify(value).includes('"server"') ? 'hello' : value;
}

/** The lines of commandstats, up to the calls. */
async function calls(node: LoneNode): Promise<string[]> {
  const client = await RespClient.connect(node.port);
  const text = String(await client.value('INFO', 'commandstats'));
  client.close();
  return text
    .split('\r\n')
    .map((line) => line.split(',')[0] ?? '')
    .toSorted();
}
