/** What is noted of commands, against real Redis: MONITOR, SLOWLOG, LATENCY, INFO's statistics. */
import type { ExecutionContext } from 'ava';
import { splitArgs } from '../../src/resp/split-args.js';
import { testWithRedis as test } from '../support/real-redis.js';
import { plain, RespClient } from '../support/resp-client.js';
import { compare, type Pair, startPair } from './compare.js';

/** Commands of every kind of fate: in the core, in TypeScript, refused, failed, queued, secret. */
const SCRIPT = [
  'SET a "b\\"c"',
  'GET a',
  'sEt k "\\x00\\xff\\n\\t\\r\\a\\b\\\\ é"',
  'INCR a',
  'SET x 1',
  'GET',
  'NOSUCH x y',
  'AUTH secret',
  'AUTH default secret',
  'HELLO 3 AUTH default secret SETNAME me',
  'HELLO 2',
  'CONFIG SET masterauth secret',
  'CONFIG SET nosuch 1',
  'CONFIG GET maxmemory',
  'CONFIG',
  'CLIENT ID',
  'CLIENT GETNAME',
  'CLIENT NOSUCH',
  'MULTI',
  'SET x 2',
  'INCR x',
  'PING',
  'EXEC',
  'MULTI',
  'NOSUCH',
  'EXEC',
  'EXEC',
  'MULTI',
  'DISCARD',
  'SELECT 3',
  'SET three 3',
  'MSET a 1 b 2 c',
  'EXPIRE three 100',
  'TTL three',
  'DEL a nosuch',
  'SUBSCRIBE news',
  'UNSUBSCRIBE news',
  'PUBLISH news 1',
  'WAIT 0 1',
  'PING x',
  'ECHO y',
  'DBSIZE',
  'SLOWLOG LEN',
  'COMMAND COUNT',
  'DEBUG SLEEP 0',
  'RESET',
  'GET x',
] as const;

test('MONITOR shows the commands that Redis shows, as it shows them', async (t) => {
  const pair = await startPair(t);
  const [real, ours] = await Promise.all([pair.real.port, pair.ours.port].map(transcript));
  t.deepEqual(ours, real);
});

async function transcript(port: number): Promise<string[]> {
  const monitor = await RespClient.connect(port);
  await monitor.call('MONITOR');
  await runScript(port);
  const last = await RespClient.connect(port);
  await last.call('ECHO', 'the end');
  const shown: string[] = [];
  for (;;) {
    const line = String(plain(await monitor.next()));
    if (line.includes('the end')) break;
    shown.push(maskedLine(line));
  }
  monitor.close();
  last.close();
  return shown;
}

/** A line of MONITOR without time and address. */
function maskedLine(line: string): string {
  return line.replace(/^\+\d{10}\.\d{6} \[(\d+) 127\.0\.0\.1:\d+\]/, '[$1 address]');
}

test('a client that monitors can do little else, until RESET', async (t) => {
  await compare(
    t,
    await startPair(t),
    [
      'MONITOR',
      'GET a',
      'SET a 1',
      'PING',
      'CLIENT KILL TYPE pubsub',
      'NOSUCH',
      'RESET',
      'GET a',
      'PING',
    ],
    { mask: (_line, value) => (typeof value === 'string' ? maskedLine(value) : value) },
  );
});

test('with 0 the slow log has what Redis logs, trimmed and without secrets', async (t) => {
  const pair = await startPair(t, ['slowlog-log-slower-than 0', 'slowlog-max-len 1000']);
  const long = 'x'.repeat(129);
  const many = Array.from({ length: 33 }, (_, i) => `k${i}`).join(' ');
  const [real, ours] = await Promise.all(
    [pair.real.port, pair.ours.port].map(async (port) => {
      await runScript(port);
      const client = await RespClient.connect(port);
      for (const line of [`GET ${long}`, `GET ${long.slice(1)}`, `DEL ${many}`]) {
        await client.call(...line.split(' '));
      }
      const log = await client.value('SLOWLOG', 'GET', '-1');
      client.close();
      return masked(log);
    }),
  );
  t.deepEqual(ours, real);
  t.true(JSON.stringify(ours).includes('... (3 more arguments)'));
  t.false(JSON.stringify(ours).includes('secret"'));
});

/** Entries without id, times and address. */
function masked(log: unknown): unknown {
  if (!Array.isArray(log)) return log;
  return log.map((entry: unknown) => {
    const [, , , args, , name] = Array.isArray(entry) ? entry : [];
    return [args, name];
  });
}

test('INFO counts calls, refusals, failures and errors as Redis does', async (t) => {
  const pair = await startPair(t);
  const [real, ours] = await Promise.all(
    [pair.real.port, pair.ours.port].map(async (port) => {
      const client = await RespClient.connect(port);
      await client.call('CONFIG', 'RESETSTAT');
      await runScript(port);
      const stats = await client.value('INFO', 'commandstats');
      const errors = await client.value('INFO', 'errorstats');
      const latency = await client.value('INFO', 'latencystats');
      const total = /total_error_replies:\d+|total_commands_processed:\d+/g;
      const totals = String(await client.value('INFO', 'stats')).match(total);
      client.close();
      return { stats: counts(stats), errors, latency: names(latency), totals };
    }),
  );
  t.deepEqual(ours, real);
});

function counts(stats: unknown): string[] {
  return lines(stats).map((line) => line.replace(/usec=\d+,usec_per_call=\d+\.\d\d/, 'usec'));
}

function names(stats: unknown): string[] {
  return lines(stats).map((line) => line.replaceAll(/=\d+\.\d{3}/g, '='));
}

function lines(text: unknown): string[] {
  return String(text).split('\r\n').toSorted();
}

test('LATENCY and SLOWLOG answer as Redis does', async (t) => {
  const pair = await startPair(t, ['latency-monitor-threshold 100']);
  await compare(t, pair, [
    'LATENCY LATEST',
    'LATENCY HISTORY nosuch',
    'LATENCY GRAPH nosuch',
    'LATENCY RESET nosuch',
    'LATENCY HISTOGRAM nosuch',
    'LATENCY NOSUCH',
    'LATENCY HISTORY',
    'SLOWLOG GET x',
    'SLOWLOG GET -2',
    'SLOWLOG NOSUCH',
    'SLOWLOG RESET',
    'SLOWLOG LEN',
    'SLOWLOG GET 0',
  ]);
  for (const protocol of ['2', '3']) {
    const [real, ours] = await Promise.all(
      [pair.real.port, pair.ours.port].map((port) => slept(t, port, protocol)),
    );
    t.deepEqual(ours, real);
  }
});

/** What an event looks like, its numbers hidden. */
async function slept(t: ExecutionContext, port: number, protocol: string): Promise<unknown> {
  const client = await RespClient.connect(port);
  await client.call('HELLO', protocol);
  t.is(await client.value('DEBUG', 'SLEEP', '0.12'), '+OK');
  const graph = String(await client.value('LATENCY', 'GRAPH', 'command')).replaceAll(/\d+/g, 'n');
  const replies = [
    await client.value('LATENCY', 'LATEST'),
    await client.value('LATENCY', 'HISTORY', 'command'),
    await client.value('LATENCY', 'RESET', 'COMMAND'),
  ];
  const histogram = JSON.stringify(await client.value('LATENCY', 'HISTOGRAM', 'debug'));
  client.close();
  // Two sleeps may fall into two buckets.
  const oneBucket = histogram.replaceAll(/\d+/g, 'n').replaceAll(/(n,n|\[n,n\])(?:,\1)+/g, '$1');
  return [graph, JSON.stringify(replies).replaceAll(/\d+/g, 'n'), oneBucket];
}

async function runScript(port: Pair['real']['port']): Promise<void> {
  const client = await RespClient.connect(port);
  for (const line of SCRIPT) {
    await client.call(...(splitArgs(line) ?? []).map((word) => Buffer.from(word, 'latin1')));
  }
  client.close();
}
