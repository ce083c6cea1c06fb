/** Which files a sentinel starts with, and what it says of others, beside Redis'. */
import test from 'ava';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { RealRedis, testWithRedis } from '../support/real-redis.js';
import { RespClient } from '../support/resp-client.js';
import { until } from '../support/until.js';
import { KINDS, launch, type Kind, startPair } from './sentinel-pair.js';

const testInTurn = testWithRedis === test ? test.serial : test.serial.skip;

const MASTER = 'sentinel monitor m 127.0.0.1 1 1';

/** Lines of a file; each by itself decides whether the sentinel starts. */
const FILES: readonly (readonly string[])[] = [
  [MASTER, 'sentinel'],
  [MASTER, 'sentinel parallel-syncs m 0'],
  [MASTER, 'sentinel down-after-milliseconds m 0'],
  [MASTER, 'sentinel down-after-milliseconds n 5'],
  [MASTER, 'sentinel known-replica m db.local 1'],
  [MASTER, 'sentinel known-replica m 127.0.0.1 70000'],
  [MASTER, `sentinel known-sentinel m db.local 1 ${'e'.repeat(40)}`],
  ['sentinel monitor m db.local 1 1'],
  ['sentinel monitor m 300.1.1.1 1 1'],
  ['sentinel monitor m "" 1 1'],
  ['port 0'],
  ['include $DIR/nosuch.conf'],
];

for (const lines of FILES) {
  testInTurn(`a file with ${lines.at(-1)}`, async (t) => {
    const [real, ours] = await Promise.all(KINDS.map((kind) => outcome(t, kind, lines)));
    t.deepEqual(ours, real);
  });
}

async function outcome(
  t: Parameters<typeof launch>[0],
  kind: Kind,
  lines: readonly string[],
): Promise<{ readonly code: number | null; readonly why: string }> {
  const { child, printed, file, hasEnded } = await launch(t, kind, lines);
  await until(() => hasEnded() || printed().includes('Sentinel ID is'), 'its start');
  if (child.exitCode === null) return { code: null, why: '' };
  const said = printed().replaceAll(path.dirname(file), 'DIR').trimEnd().split('\n');
  return { code: child.exitCode, why: reasonIn(said) };
}

/** What is wrong with the line that is shown; or with what the log tells of last. */
function reasonIn(said: readonly string[]): string {
  const at = said.findIndex((line) => line.startsWith('>>> '));
  if (at >= 0) return said.slice(at - 1, at + 2).join('\n');
  return said.at(-1)?.replace(/^(?:ringleader: |\d+:[A-Z] .*? # )/, '') ?? '';
}

testInTurn('sentinel’s own directives may stand in a file that is included', async (t) => {
  const dir = mkdtempSync(path.join(tmpdir(), 'ringleader-include-'));
  t.teardown(() => rmSync(dir, { recursive: true }));
  const included = path.join(dir, 'included.conf');
  writeFileSync(included, `${MASTER}\nsentinel failover-timeout m 7000\nrequirepass p\n`);
  const seen: unknown[] = [];
  for (const kind of KINDS) {
    const { port } = await launch(t, kind, [`include ${included}`]);
    let client: RespClient | null = null;
    await until(async () => (client ??= await RespClient.connect(port).catch(() => null)) !== null);
    t.teardown(() => client!.close());
    const answers = [await client!.value('PING'), await client!.value('AUTH', 'p')];
    const fields = [await client!.value('SENTINEL', 'MASTER', 'm')].flat();
    seen.push([...answers, fields[fields.indexOf('failover-timeout') + 1]]);
  }
  t.deepEqual(seen[1], seen[0]);
});

testInTurn('its log tells of its end; a terminal that goes away is none', async (t) => {
  for (const kind of KINDS) {
    const { child, printed, hasEnded } = await launch(t, kind, [MASTER]);
    await until(() => printed().includes('Sentinel new configuration saved on disk'));
    await until(() => printed().includes('+monitor master m 127.0.0.1 1 quorum 1'));
    await until(() => printed().includes('Running mode=sentinel'));
    child.kill('SIGHUP');
    await delay(100);
    t.is(child.signalCode, null, kind);
    child.kill('SIGTERM');
    await until(hasEnded, `the ${kind} sentinel's end`);
    t.is(child.exitCode, 0);
    t.regex(printed(), /User requested shutdown\.\.\.\n.*Sentinel is now ready to exit, bye bye/);
  }
});

const RENAMES = [
  'rename-command SENTINEL sen',
  'rename-command SHUTDOWN ""',
  'rename-command CLIENT cl',
  'rename-command PING SHUTDOWN',
  'user bob on nopass -@all +sentinel|myid',
];

const RENAMED_SCRIPT = [
  'SENTINEL MASTERS',
  'sen get-master-addr-by-name m',
  'SEN master',
  'SEN nosuch',
  'CLIENT ID',
  'CL GETNAME',
  'CL SETNAME x',
  'CL nosuch',
  'PING',
  'SHUTDOWN',
  'SHUTDOWN a',
  'COMMAND COUNT',
  'COMMAND INFO sentinel shutdown',
  'COMMAND INFO sen|myid',
  'ACL GETUSER bob',
  'ACL SETUSER bob +sentinel|masters',
  'ACL DRYRUN bob sen myid',
  'ACL DRYRUN bob sen masters',
  'AUTH bob x',
  'sen monitor a b c d',
];

testInTurn('its own commands may have other names, or none', async (t) => {
  const seen: unknown[] = [];
  for (const kind of KINDS) {
    const { port, file } = await launch(t, kind, [
      MASTER,
      ...RENAMES,
      'sentinel rename-command m INFO x',
    ]);
    let client: RespClient | null = null;
    await until(async () => (client ??= await RespClient.connect(port).catch(() => null)) !== null);
    t.teardown(() => client!.close());
    const answers: unknown[] = [];
    for (const line of RENAMED_SCRIPT)
      answers.push([line, await client!.value(...line.split(' '))]);
    const kept = readFileSync(file, 'latin1')
      .split('\n')
      .filter((line) => line.includes('rename'));
    seen.push([answers, kept]);
  }
  t.deepEqual(seen[1], seen[0]);
});

for (const line of ['rename-command NOSUCH x', 'rename-command SENTINEL client']) {
  testInTurn(`not every one: ${line}`, async (t) => {
    const [real, ours] = await Promise.all(KINDS.map((kind) => outcome(t, kind, [MASTER, line])));
    const why = real!.why.split('\n').slice(1);
    t.deepEqual({ ...ours, why: ours!.why.split('\n').slice(1) }, { ...real, why });
  });
}

testInTurn('its log tells of failovers and failures that were asked for', async (t) => {
  const pair = await startPair(t);
  const logs: unknown[] = [];
  for (const kind of KINDS) {
    const { client, masterPort, printed } = pair[kind];
    const replica = await RealRedis.start('--replicaof', `127.0.0.1 ${masterPort}`);
    t.teardown(() => replica.stop());
    await client.value('SENTINEL', 'DEBUG', 'info-period', '100');
    await until(async () => {
      const replicas = JSON.stringify(await client.value('SENTINEL', 'REPLICAS', 'mymaster'));
      return replicas.includes('"master-link-status","ok"');
    }, 'its replica');
    await client.value('SENTINEL', 'SIMULATE-FAILURE', 'crash-after-promotion', 'nosuch');
    await client.value('SENTINEL', 'SIMULATE-FAILURE', 'crash-after-election');
    t.is(await client.value('SENTINEL', 'FAILOVER', 'mymaster'), '+OK');
    await until(() => printed().includes('Sentinel CRASH because of'), 'its end');
    const lines = printed()
      .split('\n')
      .filter((line) => /Failure sim|Executing|CRASH/.test(line));
    logs.push(lines.map((line) => line.replace(/^.*? # /, '')));
  }
  t.deepEqual(logs[1], logs[0]);
});
