/**
 * What those who look on see on a replica: WATCH, keyspace notifications and MONITOR, beside a real
 * master and its real replica.
 */
import type { ExecutionContext } from 'ava';
import { Cluster } from '../../src/cluster/cluster.js';
import { splitArgs } from '../../src/resp/split-args.js';
import { RealRedis, testWithRedis as test } from '../support/real-redis.js';
import { plain, RespClient } from '../support/resp-client.js';
import { until } from '../support/until.js';

interface Nodes {
  readonly master: RespClient;
  readonly replica: RespClient;
  /** A further client of the replica. */
  connect(): Promise<RespClient>;
  readonly masterPort: number;
}

/** Two masters, each with its replica in sync: Redis', then ours. */
async function startBoth(t: ExecutionContext): Promise<Nodes[]> {
  const real = await RealRedis.start('--repl-diskless-sync-delay', '0');
  t.teardown(() => real.stop());
  const follow = ['--replicaof', '127.0.0.1', String(real.port)];
  const realReplica = await RealRedis.start(...follow, '--repl-diskless-sync-delay', '0');
  t.teardown(() => realReplica.stop());
  const cluster = await Cluster.start({ replicas: 1, sentinels: 0, port: 0 });
  t.teardown(() => cluster.stop());
  const [master, replica] = cluster.nodes();
  const both = [
    [real.port, realReplica.port],
    [master!.port, replica!.port],
  ] as const;
  return Promise.all(both.map(([masterPort, port]) => nodes(t, masterPort, port)));
}

async function nodes(t: ExecutionContext, masterPort: number, port: number): Promise<Nodes> {
  const connect = async (to = port): Promise<RespClient> => {
    const client = await RespClient.connect(to);
    t.teardown(() => client.close());
    return client;
  };
  const found = {
    master: await connect(masterPort),
    replica: await connect(),
    connect: () => connect(),
    masterPort,
  };
  await isUp(found);
  return found;
}

/** The replica follows, and serves. */
async function isUp({ replica }: Nodes): Promise<void> {
  while (!isConnected(await replica.value('ROLE')));
}

function isConnected(role: unknown): boolean {
  return Array.isArray(role) && role[3] === 'connected';
}

async function tracked({ replica }: Nodes): Promise<string | undefined> {
  const stats = String(await replica.value('INFO', 'stats'));
  return /slave_expires_tracked_keys:(\d+)/.exec(stats)?.[1];
}

/** What the master writes now has arrived. */
async function caughtUp({ master, replica }: Nodes, mark: string): Promise<void> {
  await master.call('SET', 'mark', mark);
  while ((await replica.value('GET', 'mark')) !== mark);
}

async function run(client: RespClient, lines: readonly string[]): Promise<void> {
  for (const line of lines) {
    const words = (splitArgs(line) ?? []).map((word) => Buffer.from(word, 'latin1'));
    await client.call(...words);
  }
}

/** What a listener gets until the message comes that ends it. */
async function heard(client: RespClient, last: (item: unknown) => boolean): Promise<unknown[]> {
  const items: unknown[] = [];
  for (;;) {
    const item = plain(await client.next());
    items.push(item);
    if (last(item) || item === 'closed') return items;
  }
}

const SCRIPT: readonly string[] = [
  'SET first 1', // Its SELECT may stand before it, or not.
  'SET a 1',
  'SETEX b 100 v',
  'INCRBYFLOAT a 1.5',
  'MULTI',
  'SET c 1',
  'INCR c',
  'EXEC',
  'SELECT 3',
  'SET d 1',
  'RENAME d e',
  'MOVE e 0',
  'SELECT 0',
  'DEL a nosuch',
  'SET p 1 PXAT 1',
  'EXISTS p',
  'PUBLISH chan message',
  'COPY b bb',
  'COPY b bb REPLACE',
  'SETBIT bb 1 1',
  'BITFIELD bb SET u8 0 5',
  'GETEX b PERSIST',
  'GETDEL c',
  'MSET m1 1 m2 2',
  String.raw`SET l "a\"b\\c\r\n"`,
  'EXPIRE l 100',
  'PEXPIREAT l 1',
  'SWAPDB 0 3',
  'FLUSHALL',
];

test('a replica notifies of what it applies, as Redis does', async (t) => {
  const events: unknown[][] = [];
  for (const pair of await startBoth(t)) {
    const listener = await pair.connect();
    await pair.replica.call('CONFIG', 'SET', 'notify-keyspace-events', 'KEAnm');
    await listener.call('PSUBSCRIBE', '*');
    await run(pair.master, [...SCRIPT, 'PUBLISH chan end']);
    events.push(await heard(listener, (item) => Array.isArray(item) && item[3] === 'end'));
  }
  t.true(events[0]!.length > 50);
  t.deepEqual(events[1], events[0]);
});

test('keys whose expiry clients of a replica give are counted there, and deleted by it', async (t) => {
  for (const pair of await startBoth(t)) {
    await pair.replica.call('CONFIG', 'SET', 'replica-read-only', 'no');
    await run(pair.master, ['SET master v EX 100', 'SET other v EX 100', 'SET both v']);
    await caughtUp(pair, 'given');
    t.is(await tracked(pair), '0');
    await run(pair.replica, ['SET long v EX 100', 'SELECT 1', 'SET k v EX 100', 'SELECT 0']);
    await run(pair.replica, ['EXPIRE both 100', 'RENAME master mine']);
    t.is(await tracked(pair), '4');
    await run(pair.replica, ['SET short v PX 50']);
    await until(async () => (await pair.replica.value('DBSIZE')) === 5);
    await until(async () => (await tracked(pair)) === '4');
    await run(pair.replica, ['FLUSHALL']);
    t.is(await tracked(pair), '0');
  }
});

test('MONITOR on a replica shows what the master sends', async (t) => {
  const shown: string[][] = [];
  for (const pair of await startBoth(t)) {
    const monitor = await pair.connect();
    await monitor.call('MONITOR');
    await run(pair.master, [...SCRIPT, 'PUBLISH chan end']);
    const lines = await heard(monitor, (line) => String(line).endsWith('"end"'));
    shown.push(lines.map((line) => masked(String(line), pair.masterPort)).filter(isComparable));
  }
  const first = shown[0]!.findIndex((line) => line.includes('"first"'));
  t.true(first >= 0 && shown[0]!.length > 25);
  t.deepEqual(shown[1], shown[0]);
});

function masked(line: string, masterPort: number): string {
  return line
    .replace(/\+\+?\d+\.\d+ /, '')
    .replace(`127.0.0.1:${masterPort}]`, 'master]')
    .replaceAll(/"\d{13}"/g, '"time"');
}

/**
 * PINGs come when they come; whether the stream begins with a SELECT depends on what was before.
 */
function isComparable(line: string): boolean {
  return !/"ping"/i.test(line) && line !== '[0 master] "SELECT" "0"';
}

test("a replica's WATCH sees what the master changes", async (t) => {
  const outcomes: unknown[][] = [];
  for (const pair of await startBoth(t)) {
    const got: unknown[] = [];
    const tries = [
      ['SET k 2'],
      ['DEL k'],
      ['SET other 1'],
      ['DEL nosuch'],
      ['RENAME other k'],
      ['FLUSHALL'],
      ['MULTI', 'SET k 3', 'SET z 1', 'EXEC'],
      ['SWAPDB 0 5'],
      ['BITFIELD k SET u8 0 5'],
    ];
    for (const [index, lines] of tries.entries()) {
      await caughtUp(pair, `before ${index}`);
      await pair.replica.call('WATCH', 'k');
      await run(pair.master, lines);
      await caughtUp(pair, `after ${index}`);
      await run(pair.replica, ['MULTI', 'PING']);
      got.push([lines[0], await pair.replica.value('EXEC')]);
    }
    outcomes.push(got);
  }
  t.deepEqual(outcomes[1], outcomes[0]);
});

test('a full sync touches the watched keys that it takes away', async (t) => {
  const outcomes: unknown[] = [];
  for (const pair of await startBoth(t)) {
    await run(pair.master, ['SET k 1']);
    await caughtUp(pair, 'in sync');
    const watcher = await pair.connect();
    const other = await pair.connect();
    await watcher.call('WATCH', 'k');
    await other.call('WATCH', 'nosuch');
    await run(pair.replica, ['REPLICAOF NO ONE', 'SET own 1']); // From here on a history of its own.
    await run(pair.replica, [`REPLICAOF 127.0.0.1 ${pair.masterPort}`]);
    await isUp(pair);
    const got: unknown[] = [];
    for (const client of [watcher, other]) {
      await run(client, ['MULTI', 'PING']);
      got.push(await client.value('EXEC'));
    }
    outcomes.push(got);
  }
  t.deepEqual(outcomes[0], [null, ['+PONG']]);
  t.deepEqual(outcomes[1], outcomes[0]);
});
