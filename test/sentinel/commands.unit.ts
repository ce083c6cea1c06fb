/**
 * What clients get: fields, order and texts as redis-sentinel 7.0.15 answered the same commands.
 */
import test from 'ava';
import { reply } from '../../src/resp/reply.js';
import type { Reply } from '../../src/resp/reply.js';
import { runCommand } from '../../src/sentinel/commands.js';
import { infoSection } from '../../src/sentinel/views.js';
import { MYID, OTHER, startState, turnAt } from './fixture.js';

const ask = (...args: string[]): Reply => runCommand(turnAt(0), args);

test('the fields of SENTINEL MASTER, in Redis’ order', (t) => {
  const master = ask('SENTINEL', 'master', 'mymaster');
  t.is(master.type, 'map');
  const names = master.type === 'map' ? master.entries.map(([name]) => name) : [];
  t.deepEqual(
    names.map((name) => (name.type === 'bulk' ? name.value : '')),
    (
      'name ip port runid flags link-pending-commands link-refcount last-ping-sent ' +
      'last-ok-ping-reply last-ping-reply down-after-milliseconds info-refresh role-reported ' +
      'role-reported-time config-epoch num-slaves num-other-sentinels quorum failover-timeout ' +
      'parallel-syncs'
    ).split(' '),
  );
});

test('who the master is', (t) => {
  t.deepEqual(
    ask('sentinel', 'GET-MASTER-ADDR-BY-NAME', 'mymaster'),
    reply.bulks(['127.0.0.1', '6379']),
  );
  t.deepEqual(ask('SENTINEL', 'get-master-addr-by-name', 'nobody'), reply.nullArray);
  t.deepEqual(ask('SENTINEL', 'myid'), reply.bulk(MYID));
  t.deepEqual(ask('ROLE'), reply.array([reply.bulk('sentinel'), reply.bulks(['mymaster'])]));
});

const errors: readonly (readonly [command: string, text: string])[] = [
  ['SENTINEL', "ERR wrong number of arguments for 'sentinel' command"],
  ['SENTINEL foo', "ERR unknown subcommand 'foo'. Try SENTINEL HELP."],
  ['SENTINEL toString', "ERR unknown subcommand 'toString'. Try SENTINEL HELP."],
  ['SENTINEL master', "ERR wrong number of arguments for 'sentinel|master' command"],
  ['SENTINEL master nobody', 'ERR No such master with that name'],
  ['SENTINEL failover mymaster', 'NOGOODSLAVE No suitable replica to promote'],
  ['SENTINEL set mymaster quorum x', "ERR Invalid argument 'x' for SENTINEL SET 'quorum'"],
  [
    'SENTINEL set mymaster bogus 1',
    "ERR Unknown option or number of arguments for SENTINEL SET 'bogus'",
  ],
  ['SENTINEL monitor a 127.0.0.1 1 0', 'ERR Quorum must be 1 or greater.'],
  ['SENTINEL monitor mymaster 127.0.0.1 1 1', 'ERR Duplicate master name.'],
  ['PUBLISH x y', 'ERR Only HELLO messages are accepted by Sentinel instances.'],
];

for (const [command, text] of errors) {
  test(`error: ${command}`, (t) => {
    t.deepEqual(ask(...command.split(' ')), reply.error(text));
  });
}

test('CONFIG and DEBUG show and change what holds for all masters', (t) => {
  const turn = turnAt(0);
  const run = (words: string): Reply => runCommand(turn, ['SENTINEL', ...words.split(' ')]);
  t.is(run('config set announce-port 7'), reply.ok);
  t.is(run('CONFIG SET sentinel-pass x'), reply.ok);
  t.deepEqual(
    run('config get ANNOUNCE-p*'),
    reply.map([[reply.bulk('announce-port'), reply.bulk('7')]]),
  );
  t.deepEqual(
    run('config set announce-port 70000'),
    reply.error("ERR Invalid value '70000' to SENTINEL CONFIG SET 'announce-port'"),
  );
  t.deepEqual(
    run('config set bogus 1'),
    reply.error("ERR Invalid argument 'bogus' to SENTINEL CONFIG SET"),
  );
  t.regex(JSON.stringify(run('config bogus')), /Only SENTINEL CONFIG GET <option>/);
  t.is(run('debug ping-period 70 default-down-after 900'), reply.ok);
  t.is(turn.remoteProfile.maxPingPeriodMs, 70);
  t.is(run('monitor other 127.0.0.1 7000 1'), reply.ok);
  t.is(turn.masters.get('other')?.downAfterMs, 900);
  t.deepEqual(
    run('debug ping-period 0'),
    reply.error("ERR Invalid argument '0' for SENTINEL DEBUG 'ping-period'"),
  );
  t.regex(JSON.stringify(run('debug')), /"INFO-PERIOD".*"SCRIPT-RETRY-DELAY"/);
  t.deepEqual(
    run('info-cache mymaster nobody'),
    reply.array([
      reply.bulk('mymaster'),
      reply.array(Array.from({ length: 3 }, () => reply.array([reply.integer(0), reply.null]))),
    ]),
  );
});

test('SET takes what rename-command and master-reboot-down-after-period say', (t) => {
  const turn = turnAt(0);
  const set = (words: string): Reply =>
    runCommand(turn, ['SENTINEL', 'set', 'mymaster', ...words.split(' ')]);
  t.is(set('rename-command CONFIG hidden master-reboot-down-after-period 5'), reply.ok);
  const { renamedCommands, rebootDownAfterMs } = turn.masters.get('mymaster')!;
  t.deepEqual(renamedCommands.get('config'), { command: 'CONFIG', other: 'hidden' });
  t.is(rebootDownAfterMs, 5);
  t.regex(JSON.stringify(set('rename-command CONFIG')), /Unknown option or number of arguments/);
  t.is(set('rename-command config config'), reply.ok);
  t.is(turn.masters.get('mymaster')?.renamedCommands.size, 0);
});

test('CKQUORUM counts who is usable', (t) => {
  const turn = turnAt(0);
  const { sentinels } = turn.masters.get('mymaster')!;
  const check = (): Reply => runCommand(turn, ['SENTINEL', 'ckquorum', 'mymaster']);
  t.regex(JSON.stringify(check()), /OK 3 usable Sentinels/);
  for (const peer of sentinels.values()) turn.update(peer, { sdown: true });
  t.regex(JSON.stringify(check()), /NOQUORUM 1 usable Sentinels\. .*quorum.*\. .*majority/);
});

test('SET, MONITOR and REMOVE change what is watched, and save it', (t) => {
  const turn = turnAt(0);
  t.is(
    runCommand(turn, ['SENTINEL', 'set', 'mymaster', 'quorum', '3', 'auth-pass', 'x']),
    reply.ok,
  );
  t.is(turn.masters.get('mymaster')?.quorum, 3);
  t.is(runCommand(turn, ['SENTINEL', 'monitor', 'other', '127.0.0.1', '7000', '1']), reply.ok);
  t.is(turn.masters.size, 2);
  t.is(runCommand(turn, ['SENTINEL', 'remove', 'mymaster']), reply.ok);
  t.deepEqual([...turn.masters.keys()], ['other']);
  const { ready } = turn.finish();
  const saved = ready.find((effect) => effect.type === 'persist');
  t.regex(saved?.configText ?? '', /^sentinel monitor other 127\.0\.0\.1 7000 1$/m);
  t.true(
    ready.some((effect) => effect.type === 'event' && effect.payload.endsWith('auth-pass ******')),
  );
});

const expected = (leader: string, epoch: number): Reply =>
  reply.array([reply.integer(0), reply.bulk(leader), reply.integer(epoch)]);

test('IS-MASTER-DOWN-BY-ADDR gives one vote per epoch', (t) => {
  const turn = turnAt(0);
  const vote = (runid: string): Reply =>
    runCommand(turn, ['SENTINEL', 'is-master-down-by-addr', '127.0.0.1', '6379', '7', runid]);
  t.deepEqual(vote('*'), expected('*', 0));
  t.deepEqual(vote(OTHER), expected(OTHER, 7));
  t.deepEqual(vote(MYID), expected(OTHER, 7));
});

test('INFO’s section', (t) => {
  const text = infoSection(startState(), 0);
  t.true(text.startsWith('# Sentinel\r\nsentinel_masters:1\r\nsentinel_tilt:0\r\n'));
  t.true(
    text.endsWith(
      'master0:name=mymaster,status=ok,address=127.0.0.1:6379,slaves=2,sentinels=3\r\n',
    ),
  );
});
