/** Scripts: their arguments, how many run, when they are run again, when they are killed. */
import test from 'ava';
import { reply } from '../../src/resp/reply.js';
import { runCommand } from '../../src/sentinel/commands.js';
import { announce } from '../../src/sentinel/events.js';
import { afterEnd, enqueue, type ScriptJob } from '../../src/sentinel/script-queue.js';
import {
  callClientReconfig,
  onScriptEnded,
  onScriptStarted,
  tendScripts,
} from '../../src/sentinel/scripts.js';
import type { SentinelEffect } from '../../src/sentinel/messages.js';
import type { Turn } from '../../src/sentinel/turn.js';
import { FILE, MYID, startState, turnAt } from './fixture.js';

const WITH_SCRIPTS = `${FILE}sentinel notification-script mymaster /bin/notify
sentinel client-reconfig-script mymaster /bin/reconfig
`;

/** @returns the channels and payloads of a turn's events, and the scripts that it runs or kills. */
function done(turn: Turn): string[] {
  return turn.finish().ready.flatMap((effect: SentinelEffect) => {
    if (effect.type === 'event') return `${effect.channel} ${effect.payload}`;
    if (effect.type === 'run-script') return `run ${effect.argv.join('|')}`;
    return effect.type === 'kill-script' ? `kill ${effect.job}` : [];
  });
}

test('warnings go to the notification script, lesser events do not', (t) => {
  const turn = turnAt(0, startState(WITH_SCRIPTS));
  const master = turn.masters.get('mymaster')!;
  turn.scripts = []; // Those of its start.
  announce(turn, '+sdown', master);
  announce(turn, '+slave', master.replicas.get('127.0.0.1:6380')!);
  turn.event('+tilt', '#tilt mode entered');
  tendScripts(turn);
  const ran = done(turn).filter((line) => line.startsWith('run'));
  t.deepEqual(ran, ['run /bin/notify|+sdown|master mymaster 127.0.0.1 6379']);
});

test('the client reconfiguration script gets name, role, state, from and to', (t) => {
  const turn = turnAt(0, startState(WITH_SCRIPTS));
  turn.scripts = [];
  const master = turn.masters.get('mymaster')!;
  callClientReconfig(turn, master, 'leader', { host: '127.0.0.1', port: 6380 });
  tendScripts(turn);
  t.deepEqual(done(turn), [
    'run /bin/reconfig|mymaster|leader|start|127.0.0.1|6379|127.0.0.1|6380',
  ]);
});

test('16 run at a time, 256 wait, and then the oldest that waits goes', (t) => {
  let queue: readonly ScriptJob[] = [];
  for (let id = 1; id <= 256; id++) queue = enqueue(queue, id, ['/x']);
  const turn = turnAt(0, { ...startState(), scripts: queue });
  tendScripts(turn);
  t.is(done(turn).length, 16);
  queue = enqueue(turn.scripts, 257, ['/x']);
  t.is(queue.length, 256);
  t.deepEqual(
    queue.slice(14, 18).map(({ id }) => id),
    [15, 16, 18, 19],
  );
});

test('ended by a signal or with 1: again after 30 s, 60 s, 120 s, ten times in all', (t) => {
  const job = { id: 1, argv: ['/x'], running: null, notBefore: null, tries: 1 } as const;
  const retried = (exitCode: number, signal: number, tries = 1): number | null | undefined =>
    afterEnd({ ...job, tries }, { exitCode, signal }, 30_000, 1000)?.notBefore;
  t.is(retried(1, 0), 31_000);
  t.is(retried(0, 9, 2), 61_000);
  t.is(retried(1, 0, 3), 121_000);
  t.is(retried(1, 0, 9), 1000 + 30_000 * 256);
  for (const end of [
    [1, 0, 10],
    [0, 0, 1],
    [2, 0, 1],
  ] as const) {
    t.is(retried(end[0], end[1], end[2]), undefined);
  }
});

test('one that runs longer than a minute is killed once; what failed for good is told', (t) => {
  const job: ScriptJob = { id: 7, argv: ['/x', 'a'], running: null, notBefore: null, tries: 0 };
  const first = turnAt(1000, { ...startState(), scripts: [job] });
  tendScripts(first);
  onScriptStarted(first, 7, 4242);
  t.deepEqual(done(first), ['run /x|a', '+script-child 4242']);
  t.deepEqual(
    runCommand(first, ['SENTINEL', 'pending-scripts']),
    reply.array([
      reply.map([
        [reply.bulk('argv'), reply.bulks(['/x', 'a'])],
        [reply.bulk('flags'), reply.bulk('running')],
        [reply.bulk('pid'), reply.bulk('4242')],
        [reply.bulk('run-time'), reply.bulk('0')],
        [reply.bulk('retry-num'), reply.bulk('1')],
      ]),
    ]),
  );
  const { state } = first.finish();
  const onTime = turnAt(61_000, state);
  tendScripts(onTime);
  t.deepEqual(done(onTime), []);
  const late = turnAt(61_001, state);
  tendScripts(late);
  tendScripts(late);
  t.deepEqual(done(late), ['-script-timeout /x 4242', 'kill 7']);
  onScriptEnded(late, 7, { exitCode: 0, signal: 9 });
  t.is(late.scripts[0]?.notBefore, 91_001);
  const last = turnAt(91_001, late.finish().state);
  tendScripts(last);
  onScriptEnded(last, 7, { exitCode: 3, signal: 0 });
  t.deepEqual(done(last), ['run /x|a', '-script-child 0 3 0', '-script-error /x 0 3']);
  t.deepEqual(last.scripts, []);
});

function set(file: string, executable: string[]): unknown {
  const words = ['SENTINEL', 'SET', 'mymaster', 'notification-script', '/bin/x'];
  return runCommand(turnAt(0, startState(file)), words, executable);
}

test('SET takes scripts only where that is allowed, and only what can be executed', (t) => {
  t.regex(JSON.stringify(set(FILE, ['/bin/x'])), /denied for security reasons/);
  const allowed = `${FILE}sentinel deny-scripts-reconfig no\n`;
  t.deepEqual(set(allowed, ['/bin/x']), reply.ok);
  t.deepEqual(
    set(allowed, []),
    reply.error('ERR Notification script seems non existing or non executable'),
  );
});

test('a failure that was asked for ends the sentinel, after what it decided is on disk', (t) => {
  const turn = turnAt(0);
  const ask = (...words: string[]): unknown =>
    runCommand(turn, ['SENTINEL', 'simulate-failure', ...words]);
  t.deepEqual(ask('help'), reply.bulks(['crash-after-election', 'crash-after-promotion']));
  t.deepEqual(ask('x'), reply.error('ERR Unknown failure simulation specified'));
  t.deepEqual(ask('crash-after-election', 'CRASH-AFTER-PROMOTION'), reply.ok);
  t.deepEqual(turn.simulate, { afterElection: true, afterPromotion: true });
  t.is(turn.myid, MYID);
});
