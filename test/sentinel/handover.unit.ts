/** A coordinated failover, and what is left of it when a link dies in its midst. */
import test from 'ava';
import { reply } from '../../src/resp/reply.js';
import { runCommand } from '../../src/sentinel/commands.js';
import { advanceFailover } from '../../src/sentinel/failover.js';
import { handoverLimit } from '../../src/sentinel/handover.js';
import { onReply } from '../../src/sentinel/replies.js';
import type { SentinelState } from '../../src/sentinel/state.js';
import { sweep } from '../../src/sentinel/tick.js';
import type { Turn } from '../../src/sentinel/turn.js';
import { FILE, redisProfile, startState, turnAt } from './fixture.js';

const NOW = 100_000;
const GROUP = 'mymaster';
const CHOSEN = '127.0.0.1:6380';
const INFO = 'role:master\r\nmaster_failover_state:no-failover\r\n';
const MASTER_LINK = 1;

/** A master that answers, and one replica fit to be promoted. */
function ready(infoText = INFO): Turn {
  const file = `${FILE.replace(/.*6381\n/, '')}sentinel failover-timeout ${GROUP} 6000\n`;
  const turn = turnAt(NOW, startState(file, redisProfile));
  let id = MASTER_LINK;
  const healthy = { infoAt: NOW, infoAskedAt: NOW, infoWanted: false, infoText } as const;
  for (const node of turn.group(GROUP)) {
    if (node.kind === 'sentinel') continue;
    const command = { id: id++, open: true, since: 0 };
    turn.setLink(node.link, {
      command,
      pubsub: { id: id++, open: true, since: 0 },
      pingPendingSince: null,
      lastValidReplyAt: NOW,
      lastReplyAt: NOW,
    });
    turn.update(node, healthy);
  }
  return turn;
}

const coordinated = (turn: Turn): unknown =>
  runCommand(turn, ['SENTINEL', 'FAILOVER', GROUP, 'coordinated']);

/** @returns what a turn sent that is no question, and its state. */
function end(turn: Turn): { sent: string[]; state: SentinelState } {
  const { state, ready: effects } = turn.finish();
  const sent = effects.flatMap((effect) =>
    effect.type === 'send' && ['failover', 'ignored'].includes(effect.tag)
      ? effect.args.join(' ')
      : [],
  );
  return { sent, state };
}

function begun(): SentinelState {
  const turn = ready();
  coordinated(turn);
  advanceFailover(turn, GROUP);
  return end(turn).state;
}

test('the master is asked to hand over to the chosen replica, within half the time', (t) => {
  const turn = ready();
  t.deepEqual(coordinated(turn), reply.ok);
  advanceFailover(turn, GROUP);
  t.deepEqual(end(turn).sent, ['FAILOVER TO 127.0.0.1 6380 TIMEOUT 3000']);
  const master = turn.masters.get(GROUP)!;
  t.is(master.failoverState, 'wait-promotion');
  t.is(handoverLimit(master), NOW + 6000);
});

test('a master that is down, or has no FAILOVER, is not asked', (t) => {
  t.regex(JSON.stringify(coordinated(ready('role:master\r\n'))), /does not support FAILOVER/);
  const down = ready();
  down.update(down.masters.get(GROUP)!, { sdown: true });
  t.regex(JSON.stringify(coordinated(down)), /cannot be reached/);
  t.deepEqual(
    runCommand(ready(), ['SENTINEL', 'FAILOVER', GROUP, 'x']),
    reply.error('ERR syntax error'),
  );
});

test('a refusal ends it at once', (t) => {
  const turn = turnAt(NOW + 1, begun());
  const link = turn.masters.get(GROUP)!.link;
  turn.setLink(link, { command: { id: 99, open: true, since: 0 } });
  const id = turn.registerConnection(link);
  turn.setLink(link, { command: { id, open: true, since: 0 } });
  onReply(turn, id, 'failover', reply.error('ERR FAILOVER target replica is not online.'));
  t.is(turn.masters.get(GROUP)!.failoverState, 'none');
  const events = turn
    .finish()
    .ready.flatMap((each) => (each.type === 'event' ? `${each.channel} ${each.payload}` : []));
  t.regex(events[0] ?? '', /^-failover-abort-master-refused master .* ERR FAILOVER target/);
});

/** The time is over: @returns what is sent then, and afterwards when the replica has spoken. */
function timedOut(role: 'master' | 'replica', hears: boolean): string[] {
  const turn = turnAt(NOW + 6001, begun());
  for (const node of turn.group(GROUP)) turn.setLink(node.link, { lastValidReplyAt: NOW + 6001 });
  sweep(turn, GROUP);
  const after = end(turn);
  const later = turnAt(NOW + 6100, after.state);
  const replica = later.masters.get(GROUP)!.replicas.get(CHOSEN)!;
  later.update(replica, { roleReported: role, infoAt: hears ? NOW + 6050 : NOW });
  sweep(later, GROUP);
  return [...after.sent, ...end(later).sent];
}

test('a hand-over that did not come about: the master is told to stay one', (t) => {
  t.deepEqual(timedOut('replica', true), ['FAILOVER ABORT']);
});

test('but not while the replica cannot be asked, or if it has taken over after all', (t) => {
  t.deepEqual(timedOut('replica', false), []);
  t.deepEqual(timedOut('master', true), []);
});
