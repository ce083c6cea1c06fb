import test from 'ava';
import {
  type FlowState,
  appendedBytes,
  decideFlow,
  judgeLag,
} from '../../src/replication/flow-rules.js';

const MB = 1024 * 1024;
const base: FlowState = {
  head: 10 * MB,
  batchBytes: 1000,
  ringBytes: 4 * MB,
  slowest: { offset: 10 * MB, isOnline: true },
  policy: 'throttle',
  heldMs: 0,
  timeoutMs: 1000,
  limitBytes: 16 * MB,
};
const appended = appendedBytes(base.batchBytes);
/** The slowest that this batch just does not lap. */
const edge = base.head + appended - base.ringBytes;

test('nobody to look after: go, for ever', (t) => {
  t.deepEqual(decideFlow({ ...base, slowest: null }), {
    state: 'go',
    until: Infinity,
    ahead: null,
  });
});

test('a batch goes as long as it laps nobody, to the byte', (t) => {
  t.deepEqual(decideFlow({ ...base, slowest: { offset: edge, isOnline: true } }), {
    state: 'go',
    until: base.head,
    ahead: null,
  });
  t.is(decideFlow({ ...base, slowest: { offset: edge - 1, isOnline: true } }).state, 'hold');
});

test('throttle holds until the time is up, then drops', (t) => {
  const late = { ...base, slowest: { offset: edge - 1, isOnline: true } };
  t.is(decideFlow({ ...late, heldMs: 999 }).state, 'hold');
  t.is(decideFlow({ ...late, heldMs: 1000 }).state, 'drop');
});

test('for a replica in its full sync the ring doubles, up to the limit', (t) => {
  const syncing = { ...base, slowest: { offset: edge - 1, isOnline: false } };
  t.deepEqual(decideFlow(syncing), { state: 'grow', ringBytes: 8 * MB });
  t.deepEqual(decideFlow({ ...syncing, limitBytes: 6 * MB }), { state: 'grow', ringBytes: 6 * MB });
  t.is(decideFlow({ ...syncing, limitBytes: 4 * MB }).state, 'hold');
});

test('the ring that may grow is copied ahead from when half of it waits to be read', (t) => {
  const { head } = base;
  const syncing = (offset: number): FlowState => ({
    ...base,
    slowest: { offset, isOnline: false },
  });
  const half = head - 2 * MB;
  t.deepEqual(decideFlow(syncing(half + 1)), { state: 'go', until: head + 1, ahead: null });
  const ahead = { state: 'go', until: half + 4 * MB - appended, ahead: 8 * MB };
  t.deepEqual(decideFlow(syncing(half)), ahead);
  t.deepEqual(decideFlow({ ...syncing(half), limitBytes: 6 * MB }), { ...ahead, ahead: 6 * MB });
  t.deepEqual(decideFlow({ ...syncing(half), limitBytes: 4 * MB }), { ...ahead, ahead: null });
  // One that is waited for instead needs no larger ring.
  t.deepEqual(decideFlow({ ...base, slowest: { offset: half, isOnline: true } }), {
    ...ahead,
    ahead: null,
  });
});

test('disconnect grows to the limit and then drops, without holding anybody', (t) => {
  const late: FlowState = {
    ...base,
    policy: 'disconnect',
    slowest: { offset: edge - 1, isOnline: true },
  };
  t.is(decideFlow(late).state, 'grow');
  t.is(decideFlow({ ...late, limitBytes: 4 * MB }).state, 'drop');
});

test('a batch larger than the ring makes the ring larger, whatever the policy', (t) => {
  const decision = decideFlow({ ...base, batchBytes: 20 * MB });
  t.is(decision.state, 'grow');
  t.true(decision.state === 'grow' && decision.ringBytes >= 20 * MB);
});

test('a replica over the hard limit is dropped; one below the size of the backlog is taken for that', (t) => {
  const limit = { hardBytes: 100, softBytes: 0, softSeconds: 0 };
  t.false(judgeLag(100, limit, 50, null, 0).isOver);
  t.true(judgeLag(101, limit, 50, null, 0).isOver);
  t.false(judgeLag(400, limit, 400, null, 0).isOver);
  t.true(judgeLag(401, limit, 400, null, 0).isOver);
  t.false(judgeLag(10 ** 9, { ...limit, hardBytes: 0 }, 50, null, 0).isOver);
});

test('over the soft limit it has its seconds, counted anew once it was below', (t) => {
  const limit = { hardBytes: 0, softBytes: 10, softSeconds: 2 };
  t.deepEqual(judgeLag(10, limit, 0, 500, 900), { isOver: false, overSoftLimitSince: null });
  t.deepEqual(judgeLag(11, limit, 0, null, 1000), { isOver: false, overSoftLimitSince: 1000 });
  t.false(judgeLag(11, limit, 0, 1000, 3000).isOver);
  t.true(judgeLag(11, limit, 0, 1000, 3001).isOver);
});
