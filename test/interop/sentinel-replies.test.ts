/** What a sentinel answers, beside what Redis' answers to the same: words, numbers, refusals. */
import test from 'ava';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseInfo } from '../../src/resp/info-text.js';
import { testWithRedis } from '../support/real-redis.js';
import { plain, RespClient } from '../support/resp-client.js';
import { until } from '../support/until.js';
import { KINDS, type Sentinel, sentinelLines, startPair } from './sentinel-pair.js';

/** Those at the same time are many processes. */
const testInTurn = testWithRedis === test ? test.serial : test.serial.skip;

const TIMES =
  /"(last-ping-sent|last-ok-ping-reply|last-ping-reply|info-refresh|role-reported-time|link-pending-commands)","\d+"/g;

async function asks({ client, neutral }: Sentinel, words: readonly string[]): Promise<unknown> {
  const value = JSON.stringify(await client.value(...words));
  const known = neutral(value).replaceAll(TIMES, '"$1","some"');
  return JSON.parse(known.replaceAll(/"id",\d+/g, '"id","some"'));
}

/** Numbers as Redis' strict reader takes them, places, and words too many. */
const REFUSED: readonly string[] = [
  'SENTINEL CONFIG SET announce-port 007',
  'SENTINEL CONFIG SET announce-port +7',
  'SENTINEL CONFIG SET announce-port 7.0',
  'SENTINEL CONFIG SET announce-port 65536',
  'SENTINEL CONFIG GET announce-port',
  'SENTINEL DEBUG info-period 010',
  'SENTINEL DEBUG info-period 99999999999999999999',
  'SENTINEL SET mymaster quorum 01',
  'SENTINEL SET mymaster quorum 2 down-after-milliseconds 05',
  'SENTINEL SET mymaster parallel-syncs 99999999999999999999',
  'SENTINEL IS-MASTER-DOWN-BY-ADDR 127.0.0.1 01 0 *',
  'SENTINEL IS-MASTER-DOWN-BY-ADDR 127.0.0.1 1 -01 *',
  'SENTINEL MONITOR a 127.0.0.1 01 1',
  'SENTINEL MONITOR a 127.0.0.1 70000 1',
  'SENTINEL MONITOR a 127.0.0.1 1 99999999999999999999',
  'SENTINEL MONITOR a 300.1.1.1 1 1',
  'SENTINEL MONITOR a x:y 1 1',
  'SENTINEL MONITOR a . 1 1',
  'SENTINEL MONITOR a localhost 1 1',
  'SENTINEL MONITOR a ::1 1 1',
  'SENTINEL REMOVE a',
  'SENTINEL FAILOVER nosuch',
  'SENTINEL FAILOVER nosuch a b',
  'SENTINEL MASTER mymaster',
  'HELLO 02',
  'HELLO 2 AUTH default',
];

testInTurn('numbers, places and words are refused as Redis refuses them', async (t) => {
  const pair = await startPair(t);
  const said: Record<string, unknown>[] = [];
  for (const kind of KINDS) {
    const answers: Record<string, unknown> = {};
    for (const line of REFUSED) answers[line] = await asks(pair[kind], line.split(' '));
    answers['HELLO SETNAME'] = await asks(pair[kind], ['HELLO', '2', 'SETNAME', 'a b']);
    said.push(answers);
  }
  t.deepEqual(said[1], said[0]);
  t.deepEqual(sentinelLines(pair.ours), sentinelLines(pair.real));
});

testInTurn('SENTINEL MASTER tells of the scripts, and the file has them', async (t) => {
  const dir = mkdtempSync(path.join(tmpdir(), 'ringleader-scripts-'));
  t.teardown(() => rmSync(dir, { recursive: true }));
  const script = path.join(dir, 'script.sh');
  writeFileSync(script, '#!/bin/sh\n', { mode: 0o755 });
  const pair = await startPair(t, ['sentinel deny-scripts-reconfig no']);
  const said: unknown[] = [];
  for (const kind of KINDS) {
    const answers: unknown[] = [];
    for (const [option, value] of [
      ['notification-script', script],
      ['client-reconfig-script', script],
      ['notification-script', ''],
      ['client-reconfig-script', path.join(dir, 'nosuch')],
    ] as const) {
      answers.push(await asks(pair[kind], ['SENTINEL', 'SET', 'mymaster', option, value]));
      answers.push(await asks(pair[kind], ['SENTINEL', 'MASTER', 'mymaster']));
    }
    said.push(answers, sentinelLines(pair[kind]));
  }
  t.deepEqual(said.slice(2), said.slice(0, 2));
});

testInTurn('a connection is refused and ended as Redis does it', async (t) => {
  const pair = await startPair(t);
  const said: unknown[] = [];
  for (const kind of KINDS) {
    const answers: unknown[] = [];
    const sentinel = pair[kind];
    const ask = async (line: string): Promise<unknown> =>
      answers.push([line, await asks(sentinel, line.split(' '))]);
    // Who has subscribed may do little else; what there is not, there is not.
    for (const line of [
      'SUBSCRIBE a',
      'SENTINEL MASTERS',
      'GET x',
      'SENTINEL x',
      'PING',
      'RESET',
    ]) {
      await ask(line);
    }
    await ask('UNSUBSCRIBE a');
    const { type } = (await sentinel.client.call('INFO', 'sentinel'))!;
    answers.push(type);
    await ask('HELLO 3');
    answers.push((await sentinel.client.call('INFO', 'sentinel'))!.type);
    await ask('POST / HTTP/1.1');
    said.push(answers);
  }
  t.deepEqual(said[1], said[0]);
  t.regex(pair.ours.printed(), /Possible SECURITY ATTACK detected/);
});

testInTurn('who has to say who it is hears so after what is wrong with the command', async (t) => {
  const pair = await startPair(t);
  const said: unknown[] = [];
  for (const kind of KINDS) {
    const { client, port } = pair[kind];
    await client.value('ACL', 'SETUSER', 'default', 'resetpass', '>p');
    const stranger = await RespClient.connect(port);
    const answers: unknown[] = [];
    for (const line of ['GET x', 'SENTINEL x', 'SENTINEL MASTER', 'PING', 'SHUTDOWN', 'HELLO 3']) {
      answers.push([line, await stranger.value(...line.split(' '))]);
    }
    stranger.close();
    said.push(answers);
  }
  t.deepEqual(said[1], said[0]);
});

testInTurn('INFO has the fields of Redis’, in its order', async (t) => {
  const pair = await startPair(t);
  const seen: unknown[] = [];
  for (const kind of KINDS) {
    const { client } = pair[kind];
    await client.value('GET', 'x');
    const info = parseInfo(String(await client.value('INFO')));
    const sections = String(await client.value('INFO', 'CPU', 'server', 'nosuch')).match(/# .*/g);
    // A new one at each start, which the sentinel's own id is not.
    const [runId, myid] = [info.get('run_id'), await client.value('SENTINEL', 'MYID')];
    const facts = ['redis_mode', 'tracking_clients', 'total_error_replies', 'sentinel_masters'];
    const values = facts.map((name) => info.get(name));
    seen.push({ names: [...info.keys()], sections, values, isNew: runId !== myid });
    t.true(Number(info.get('total_net_input_bytes')) > 0);
    t.true(Number(info.get('total_reads_processed')) > 0);
    t.true(Number(info.get('total_commands_processed')) > 0);
  }
  t.deepEqual(seen[1], seen[0]);
});

testInTurn('a client that is denied has not been idle for less than no time', async (t) => {
  const pair = await startPair(t);
  for (const kind of KINDS) {
    const { client } = pair[kind];
    for (let round = 0; round < 20; round++) await client.value('AUTH', 'nosuch', String(round));
    t.notRegex(JSON.stringify(await client.value('ACL', 'LOG')), /(?:idle|age)=-/, kind);
  }
});

testInTurn('COMMAND DOCS tells the arguments of SENTINEL’s subcommands', async (t) => {
  const pair = await startPair(t);
  const named = String(await pair.real.client.value('COMMAND', 'LIST')).split(',');
  // Ours has COORDINATED; its tokens of SIMULATE-FAILURE are told, which Redis' are not.
  const own = new Set(['sentinel|failover', 'sentinel|simulate-failure']);
  const names = named.filter((name) => name.startsWith('sentinel|') && !own.has(name));
  t.is(names.length, 19);
  for (const name of names) {
    const [real, ours] = await Promise.all(
      KINDS.map(async (kind) => {
        const [, docs] = [await pair[kind].client.value('COMMAND', 'DOCS', name)].flat();
        return Array.isArray(docs) ? docs.filter((_, at) => at !== 1) : docs; // Its summary.
      }),
    );
    t.deepEqual(ours, real, name);
  }
});

testInTurn('names and passwords keep their bytes, whatever these mean', async (t) => {
  const pair = await startPair(t, ['sentinel deny-scripts-reconfig no']);
  const dir = mkdtempSync(path.join(tmpdir(), 'ringleader-bytes-'));
  t.teardown(() => rmSync(dir, { recursive: true }));
  const script = path.join(dir, 'schön.sh');
  writeFileSync(script, '#!/bin/sh\necho "$2" >> "$0.out"\n', { mode: 0o755 });
  const seen: unknown[] = [];
  for (const kind of KINDS) {
    const { client, port, masterPort } = pair[kind];
    const subscriber = await RespClient.connect(port);
    await subscriber.value('PSUBSCRIBE', '*');
    const master = await RespClient.connect(masterPort);
    await master.value('ACL', 'SETUSER', 'ü', 'on', '>pé', '&*', '+@all');
    await master.value('ACL', 'SETUSER', 'default', 'off');
    const answers: unknown[] = [];
    for (const line of [
      'SENTINEL MONITOR héllo 127.0.0.1 1 1',
      'SENTINEL MASTER héllo',
      'SENTINEL SET héllo auth-user ñ',
      'SENTINEL SET mymaster auth-user ü auth-pass pé',
      `SENTINEL SET héllo notification-script ${script}`,
      'SENTINEL CONFIG SET sentinel-pass ö',
      'SENTINEL CONFIG GET sentinel-pass',
    ]) {
      answers.push(await asks(pair[kind], line.split(' ')));
    }
    answers.push(/master\d:name=hÃ©llo/.test(String(await client.value('INFO', 'sentinel'))));
    answers.push(String(await client.value('SENTINEL', 'INFO-CACHE', 'héllo')));
    for (let at = 0; at < 5; at++) {
      answers.push(pair[kind].neutral(JSON.stringify(plain(await subscriber.next()))));
    }
    const out = `${script}.out`;
    // The shell makes the file before it writes.
    await until(() => existsSync(out) && readFileSync(out).length > 0, 'the script');
    const told = readFileSync(out, 'utf8').split('\n').toSorted();
    rmSync(out);
    // Its connections were ended: with the right password they come again.
    await until(async () => {
      const list = String(await master.value('CLIENT', 'LIST'));
      return list.includes('sentinel-') && list.includes('user=Ã¼');
    }, 'the user ü');
    subscriber.close();
    master.close();
    seen.push({ answers, told });
  }
  t.deepEqual(seen[1], seen[0]);
});
