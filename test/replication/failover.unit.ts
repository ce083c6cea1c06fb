import test from 'ava';

import { FailoverControl } from '../../src/replication/failover-control.js';
import {
  type FailoverCandidate,
  type FailoverRequest,
  type FailoverView,
  NO_FAILOVER,
  beginFailover,
  stepFailover,
} from '../../src/replication/failover.js';

const ahead: FailoverCandidate = { host: '10.0.0.2', port: 7001, isOnline: true, offset: 100 };
const behind: FailoverCandidate = { host: '10.0.0.3', port: 7001, isOnline: true, offset: 99 };
const syncing: FailoverCandidate = { host: '10.0.0.4', port: 7001, isOnline: false, offset: 100 };

const any: FailoverRequest = { target: null, force: false, timeoutMs: 0 };
const to = ({ host, port }: FailoverCandidate): FailoverRequest['target'] => ({ host, port });

function view(replicas: readonly FailoverCandidate[], now = 0): FailoverView {
  return { isMaster: true, replicas, head: 100, now };
}

function begun(request: FailoverRequest, replicas: readonly FailoverCandidate[]) {
  const start = beginFailover(NO_FAILOVER, request, view(replicas));
  return start.type === 'begun' ? start.failover : NO_FAILOVER;
}

for (const [request, replicas, error] of [
  [any, [], 'FAILOVER requires connected replicas.'],
  [
    { ...any, target: { host: '10.0.0.2', port: 7002 } },
    [ahead],
    'FAILOVER target HOST and PORT is not a replica.',
  ],
  [{ ...any, target: to(syncing) }, [syncing], 'FAILOVER target replica is not online.'],
  [
    { target: to(ahead), force: true, timeoutMs: 0 },
    [ahead],
    'FAILOVER with force option requires both a timeout and target HOST and IP.',
  ],
  [
    { target: null, force: true, timeoutMs: 100 },
    [ahead],
    'FAILOVER with force option requires both a timeout and target HOST and IP.',
  ],
] as const) {
  test(`${error} ${JSON.stringify(request)}`, (t) => {
    const start = beginFailover(NO_FAILOVER, request, view(replicas));
    t.deepEqual(start, { type: 'refused', error: `ERR ${error}` });
  });
}

test('one failover at a time, and by a master', (t) => {
  const present = begun(any, [ahead]);
  t.like(beginFailover(present, any, view([ahead])), {
    error: 'ERR FAILOVER already in progress.',
  });
  t.like(beginFailover(NO_FAILOVER, any, { ...view([ahead]), isMaster: false }), {
    error: 'ERR FAILOVER is not valid when server is a replica.',
  });
});

test('to any replica is to the first online one that has everything', (t) => {
  const failover = begun(any, [behind]);
  t.deepEqual(stepFailover(failover, view([behind, syncing])), { type: 'wait' });
  t.like(stepFailover(failover, view([behind, syncing, ahead])), {
    type: 'go',
    target: to(ahead),
  });
});

test('to one replica waits for that one', (t) => {
  const failover = begun({ ...any, target: to(behind) }, [behind, ahead]);
  t.deepEqual(stepFailover(failover, view([behind, ahead])), { type: 'wait' });
  t.like(stepFailover(failover, view([{ ...behind, offset: 100 }, ahead])), {
    type: 'go',
    target: to(behind),
  });
});

test('at its time it is given up, or goes on by force', (t) => {
  const request = { target: to(behind), force: false, timeoutMs: 100 };
  const patient = begun(request, [behind]);
  t.deepEqual(stepFailover(patient, view([behind], 99)), { type: 'wait' });
  t.deepEqual(stepFailover(patient, view([behind], 100)), {
    type: 'abort',
    reason: 'Replica never caught up before timeout',
  });
  const forced = begun({ ...request, force: true }, [behind]);
  t.like(stepFailover(forced, view([behind], 100)), {
    type: 'go',
    log: 'FAILOVER to 10.0.0.3:7001 time out exceeded, failing over.',
  });
});

/** What a failover does to its node, as words. */
function traced(replicas: readonly FailoverCandidate[]) {
  const trace: string[] = [];
  const control = new FailoverControl({
    view: () => view(replicas),
    pauseWrites: (isPaused) => trace.push(isPaused ? 'pause' : 'resume'),
    requestAcks: () => trace.push('ask'),
    follow: ({ host }) => trace.push(`follow ${host}`),
    takeBack: () => trace.push('take back'),
    log: () => {},
  });
  return { control, trace };
}

test('writes wait until the target serves this node', (t) => {
  const { control, trace } = traced([ahead]);
  t.is(control.begin(any), null);
  control.onServed(); // Of another master's, before: not of this failover's.
  t.is(control.state, 'waiting-for-sync');
  control.step();
  t.true(control.isHandingOver);
  control.onServed();
  t.is(control.state, 'no-failover');
  t.deepEqual(trace, ['pause', 'ask', 'follow 10.0.0.2', 'resume']);
});

test('a target that refuses leaves this node the master it was', (t) => {
  const { control, trace } = traced([ahead]);
  control.begin(any);
  control.step();
  control.onRejected();
  t.is(control.state, 'no-failover');
  t.deepEqual(trace, ['pause', 'ask', 'follow 10.0.0.2', 'take back', 'resume']);
});

test('one that waits can be given up, and changes nothing then', (t) => {
  const { control, trace } = traced([behind]);
  t.false(control.abort('nothing to give up'));
  control.begin(any);
  control.step();
  t.true(control.abort('Failover manually aborted'));
  t.deepEqual(trace, ['pause', 'ask', 'resume']);
});
