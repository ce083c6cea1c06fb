/** Our sentinels with Redis' own programs: redis-cli asks them, redis-sentinel joins them. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { Observer } from '../faults/observer.js';
import { nextSwitch, startReal } from '../cluster/fixtures/real.js';
import { until } from '../support/until.js';
import { freePort } from '../../src/io/free-port.js';
import { RealRedis, testWithRedis } from '../support/real-redis.js';
import { RespClient } from '../support/resp-client.js';

/** One cluster at a time; skipped where Redis' programs are missing. */
const testInTurn = testWithRedis === test ? test.serial : test.serial.skip;

/** What redis-cli prints, as lines. */
function cli(port: number, ...args: readonly string[]): Promise<string[]> {
  return new Promise((resolve, reject) => {
    execFile('redis-cli', ['-p', String(port), ...args], (error, stdout) => {
      if (error) reject(error);
      else resolve(stdout.trimEnd().split('\n'));
    });
  });
}

/** A field of SENTINEL MASTER; undefined while the sentinel does not answer. */
async function masterField(port: number, name: string): Promise<string | undefined> {
  const lines = await cli(port, 'SENTINEL', 'MASTER', 'mymaster').catch((): string[] => []);
  return lines[lines.indexOf(name) + 1];
}

/** A real redis-sentinel that watches the master at this port, ended with the test. */
async function realSentinel(t: ExecutionContext, masterPort: number): Promise<number> {
  const port = await freePort();
  const dir = await mkdtemp(path.join(tmpdir(), 'ringleader-sentinel-'));
  const file = path.join(dir, 'sentinel.conf');
  const lines = [
    `port ${port}`,
    `dir ${dir}`,
    `sentinel monitor mymaster 127.0.0.1 ${masterPort} 2`,
    'sentinel down-after-milliseconds mymaster 1000',
    'sentinel failover-timeout mymaster 10000',
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  const child: ChildProcess = spawn('redis-server', [file, '--sentinel'], { stdio: 'ignore' });
  t.teardown(async () => {
    const ended = new Promise((resolve) => {
      child.once('exit', resolve);
    });
    if (child.kill('SIGKILL')) await ended;
    await rm(dir, { recursive: true, force: true });
  });
  return port;
}

testInTurn('redis-cli asks a sentinel what it asks a real one', async (t) => {
  const cluster = await startReal(t);
  const [master] = cluster.nodes();
  const [sentinel] = cluster.sentinels();
  const ask = (...args: string[]): Promise<string[]> => cli(sentinel!.port, ...args);

  t.deepEqual(await ask('PING'), ['PONG']);
  t.deepEqual(await ask('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'mymaster'), [
    master!.host,
    String(master!.port),
  ]);
  t.deepEqual(await ask('SENTINEL', 'CKQUORUM', 'mymaster'), [
    'OK 3 usable Sentinels. Quorum and failover authorization can be reached',
  ]);
  const [myid] = await ask('SENTINEL', 'MYID');
  t.regex(myid ?? '', /^[0-9a-f]{40}$/);
  const info = (await ask('INFO', 'sentinel')).map((line) => line.trim());
  t.true(info.includes('sentinel_masters:1'));
  const { host, port } = master!;
  t.true(
    info.includes(`master0:name=mymaster,status=ok,address=${host}:${port},slaves=2,sentinels=3`),
  );
  for (const [subcommand, count] of [
    [['MASTERS'], 1],
    [['MASTER', 'mymaster'], 1],
    [['REPLICAS', 'mymaster'], 2],
    [['SENTINELS', 'mymaster'], 2],
  ] as const) {
    const lines = await ask('SENTINEL', ...subcommand);
    t.is(lines.filter((line) => line === 'runid').length, count, subcommand.join(' '));
  }
  t.deepEqual(await ask('SENTINEL', 'MASTER', 'nobody'), ['ERR No such master with that name']);
});

testInTurn('SENTINEL FAILOVER hands the mastership over; redis-cli hears it', async (t) => {
  const cluster = await startReal(t);
  const [sentinel] = cluster.sentinels();
  const subscriber = spawn('redis-cli', [
    '-p',
    String(sentinel!.port),
    'subscribe',
    '+switch-master',
  ]);
  t.teardown(() => subscriber.kill());
  let heard = '';
  subscriber.stdout.on('data', (text: Buffer) => {
    heard += text.toString();
  });
  await until(() => heard.includes('subscribe'));
  const [old] = cluster.nodes();
  t.deepEqual(await cli(sentinel!.port, 'SENTINEL', 'FAILOVER', 'mymaster'), ['OK']);
  await until(() => heard.includes(`mymaster ${old!.host} ${old!.port} `));
  await using observer = new Observer(cluster);
  await until(() => cluster.masterId !== 'node-0');
  t.is(await observer.settled(30_000), null);
  t.is((await observer.info('node-0')).get('role'), 'slave');
});

testInTurn('a real redis-sentinel joins, votes and follows', async (t) => {
  const cluster = await startReal(t, { quorum: 3 });
  const real = await realSentinel(t, cluster.nodes()[0]!.port);
  await using observer = new Observer(cluster);
  // It finds the replicas and our sentinels, and they find it, by hellos over the nodes.
  await until(async () => (await masterField(real, 'num-slaves')) === '2');
  await until(async () => (await masterField(real, 'num-other-sentinels')) === '3');
  for (const { port } of cluster.sentinels()) {
    await until(async () => (await masterField(port, 'num-other-sentinels')) === '3');
  }
  // One of ours is gone: with four sentinels in all, nobody is elected without the real one's vote.
  const gone = cluster.sentinels()[0]!;
  await cluster.pause(gone.id);
  const switched = nextSwitch(cluster);
  const killed = cluster.masterId; // On a busy machine it may be another than the first.
  await cluster.kill(killed);
  const { to, port } = await switched;
  await until(
    async () =>
      (await cli(real, 'SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'mymaster'))[1] === String(port),
  );
  cluster.resume(gone.id);
  t.is(cluster.masterId, to);
  await until(async () => {
    const info = await observer.info(killed).catch(() => null); // Refused until it is back.
    return info?.get('master_link_status') === 'up';
  });
});

/** Whether a sentinel knows the replica of the group outside, and the other two sentinels. */
async function knowsOutside(port: number): Promise<boolean> {
  const lines = await cli(port, 'SENTINEL', 'MASTER', 'outside');
  const field = (name: string): string | undefined => lines[lines.indexOf(name) + 1];
  return field('num-slaves') === '1' && field('num-other-sentinels') === '2';
}

testInTurn('a cluster’s sentinels watch servers outside too, and fail them over', async (t) => {
  const master = await RealRedis.start();
  const replica = await RealRedis.start('--replicaof', `127.0.0.1 ${master.port}`);
  t.teardown(() => Promise.all([master.stop(), replica.stop()]));
  const cluster = await startReal(t, {
    replicas: 1,
    watch: { outside: `redis://127.0.0.1:${master.port}` },
  });
  const [sentinel] = cluster.sentinels();
  const where = async (): Promise<string> =>
    (await cli(sentinel!.port, 'SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'outside')).join(':');
  t.is(await where(), `127.0.0.1:${master.port}`);
  for (const { port } of cluster.sentinels()) await until(() => knowsOutside(port));
  const before = cluster.masterId;
  await master.stop();
  await until(async () => (await where()) === `127.0.0.1:${replica.port}`);
  await until(async () => (await cli(replica.port, 'ROLE'))[0] === 'master');
  t.is(cluster.masterId, before, 'its own nodes are another matter');
  t.is(cluster.masterId, 'node-0');
});

testInTurn('a sentinel tells of its commands, and refuses, as a real one does', async (t) => {
  const cluster = await startReal(t, { replicas: 0, sentinels: 1 });
  const realPort = await realSentinel(t, cluster.nodes()[0]!.port);
  await until(async () => (await masterField(realPort, 'flags')) === 'master');
  const real = await RespClient.connect(realPort);
  const ours = await RespClient.connect(cluster.sentinels()[0]!.port);
  t.teardown(() => {
    real.close();
    ours.close();
  });
  const both = async (...args: string[]): Promise<[unknown, unknown]> => [
    await real.value(...args),
    await ours.value(...args),
  ];
  const list = await ours.value('COMMAND', 'LIST');
  const names = Array.isArray(list) ? list.map(String) : [];
  const theirNames = await real.value('COMMAND', 'LIST');
  t.deepEqual(names.toSorted(), [theirNames].flat().map(String).toSorted());
  for (const name of names) {
    if (name === 'sentinel|failover') continue; // With more than Redis 7.0 has: COORDINATED.
    const [theirs, here] = await both('COMMAND', 'INFO', name);
    t.deepEqual(withoutSubcommands(here), withoutSubcommands(theirs), name);
    // Each exists as it is described: with too many words it is refused, and for their number.
    const arity = Array.isArray(here) && Array.isArray(here[0]) ? Number(here[0][1]) : 0;
    if (arity > 0) {
      const [refused, told] = await both(
        ...name.split('|'),
        ...Array.from({ length: 8 }, () => 'x'),
      );
      t.deepEqual(told, refused, name);
    }
  }
  const lines = [
    'COMMAND nosuch',
    'COMMAND COUNT x',
    'COMMAND INFO nosuch get',
    'COMMAND GETKEYS GET x',
    'COMMAND GETKEYS PING',
    'COMMAND GETKEYSANDFLAGS GET x',
    'COMMAND GETKEYSANDFLAGS PING',
    'COMMAND GETKEYSANDFLAGS SENTINEL MYID',
    'COMMAND GETKEYSANDFLAGS',
    'COMMAND LIST FILTERBY nosuch x',
    'COMMAND LIST FILTERBY MODULE x',
    'CLIENT',
    'CLIENT nosuch',
    'CLIENT GETNAME x',
    'CLIENT ID x',
    'CLIENT SETNAME',
    'CLIENT KILL',
    'CLIENT KILL 1.2.3.4:5',
    'CLIENT KILL ID 0',
    'CLIENT KILL ID 123456',
    'CLIENT KILL TYPE nosuch',
    'CLIENT KILL USER nosuch',
    'CLIENT KILL USER default SKIPME maybe',
    'CLIENT LIST TYPE nosuch',
    'CLIENT LIST TYPE pubsub',
    'CLIENT LIST x',
    'CLIENT INFO x',
    'CLIENT CACHING yes',
    'CLIENT TRACKING on BCAST OPTIN',
    'CLIENT TRACKING on OPTIN',
    'CLIENT CACHING yes',
    'CLIENT TRACKINGINFO',
    'CLIENT GETREDIR',
    'CLIENT TRACKING off',
    'CLIENT TRACKINGINFO',
    'CLIENT NO-EVICT on',
    'CLIENT NO-EVICT maybe',
    'CLIENT UNBLOCK 123456',
    'CLIENT UNBLOCK x',
    'CLIENT PAUSE x',
    'CLIENT PAUSE 50',
    'CLIENT PAUSE 1 nosuch',
    'CLIENT PAUSE 100000 write',
    'CLIENT UNPAUSE',
    'CLIENT REPLY on',
    'CLIENT REPLY nosuch',
    'CLIENT SETINFO lib-name x',
    'SELECT 0',
    'QUIT',
    'RESET',
    'COMMAND COUNT',
    'PING a b',
    'SENTINEL',
    'SENTINEL nosuch',
    'SENTINEL SET mymaster',
    'GET x',
    'SHUTDOWN nosuch',
    'SHUTDOWN SAVE NOSAVE',
    'SHUTDOWN ABORT',
    'SHUTDOWN ABORT NOW',
  ];
  for (const line of lines) {
    const [expected, actual] = await both(...line.split(' '));
    t.deepEqual(actual, expected, line);
  }
});

testInTurn('connections of a sentinel are listed and ended as those of a real one', async (t) => {
  const cluster = await startReal(t);
  const [master] = cluster.nodes();
  const ports = [await realSentinel(t, master!.port), cluster.sentinels()[0]!.port];
  await until(async () => (await cli(ports[0]!, 'PING').catch(() => []))[0] === 'PONG');
  const seen: unknown[] = [];
  for (const port of ports) {
    const [asking, idle] = [await RespClient.connect(port), await RespClient.connect(port)];
    await idle.value('CLIENT', 'SETNAME', 'idle');
    const id = String(await idle.value('CLIENT', 'ID'));
    const line = String(await asking.value('CLIENT', 'LIST', 'ID', id));
    const info = String(await asking.value('CLIENT', 'INFO'));
    // No replies, for one command and for all, until they are wanted again.
    idle.write(['SKIP', 'OFF'].flatMap((mode) => quiet(mode)).join(''));
    const heard = await idle.value('CLIENT', 'REPLY', 'ON');
    // A pause holds the commands of all back until it is over.
    const pausedAt = performance.now();
    await asking.value('CLIENT', 'PAUSE', '100');
    await idle.value('PING');
    const waited = performance.now() - pausedAt >= 99;
    const killed = await asking.value('CLIENT', 'KILL', 'ID', id);
    t.is(await idle.value('PING'), 'closed');
    // Oneself: after the reply.
    const all = Number(await asking.value('CLIENT', 'KILL', 'USER', 'default', 'SKIPME', 'no'));
    t.is(await asking.value('PING'), 'closed');
    seen.push([
      [line, info].map((each) => each.replaceAll(/=\S*/g, '')),
      /name=idle .*cmd=client\|id user=default/.test(line),
      /cmd=client\|info user=default/.test(info),
      heard,
      waited,
      killed,
      all >= 1,
    ]);
  }
  t.deepEqual(seen[1], seen[0]);
});

const quiet = (mode: string): string[] => [`CLIENT REPLY ${mode}\r\n`, 'PING\r\n'];

/** COMMAND INFO's reply without the subcommands, of which a real one has more. */
function withoutSubcommands(info: unknown): unknown {
  const [command] = Array.isArray(info) ? info : [];
  return Array.isArray(command) ? command.slice(0, 9) : info;
}

testInTurn('a user of a sentinel may do what one of a real sentinel may', async (t) => {
  const cluster = await startReal(t);
  const [master] = cluster.nodes();
  const ports = [await realSentinel(t, master!.port), cluster.sentinels()[0]!.port];
  await until(async () => (await cli(ports[0]!, 'PING').catch(() => []))[0] === 'PONG');
  const answers: unknown[] = [];
  for (const port of ports) {
    const client = await RespClient.connect(port);
    const got: unknown[] = [];
    for (const line of USER_LINES) got.push([line, await client.value(...line.split(' '))]);
    answers.push(got);
    client.close();
  }
  t.deepEqual(answers[1], answers[0]);
});

const USER_LINES: readonly string[] = [
  'ACL WHOAMI',
  'AUTH x',
  'ACL SETUSER app on >p resetchannels &a* -@all +ping +@connection +sentinel|myid +subscribe',
  'ACL SETUSER app +nosuch',
  'ACL DRYRUN app sentinel masters',
  'ACL DRYRUN app sentinel myid',
  'AUTH app q',
  'AUTH app p',
  'ACL WHOAMI',
  'PING',
  'SENTINEL MASTERS',
  'INFO',
  'SUBSCRIBE b',
  'AUTH default any',
  'ACL WHOAMI',
  'ACL USERS',
  'ACL DELUSER app default',
  'ACL DELUSER app',
  'ACL nosuch',
  'ACL LOAD',
];
