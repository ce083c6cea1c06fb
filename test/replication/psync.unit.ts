import test from 'ava';
import { backlogWindow, decidePsync } from '../../src/replication/psync.js';

const own = 'a'.repeat(40);
const old = 'b'.repeat(40);
const ids = { replid: own, replid2: old, secondReplOffset: 501 };
const window = { histStart: 100, head: 1000 };

function decide(replid: string, offset: number): string {
  const decision = decidePsync({ replid, offset }, ids, window);
  return decision.state === 'continue' ? 'continue' : decision.reason;
}

test('the window: from its first byte to the byte after its last', (t) => {
  t.is(decide(own, 100), 'too-old');
  t.is(decide(own, 101), 'continue');
  t.is(decide(own, 1001), 'continue');
  t.is(decide(own, 1002), 'beyond-head');
});

test('the second id is good up to, and with, its offset', (t) => {
  t.is(decide(old, 101), 'continue');
  t.is(decide(old, 501), 'continue');
  t.is(decide(old, 502), 'past-second-id');
  t.is(decide(old, 100), 'too-old');
});

test('an id is compared without regard to case, an unknown one is another history', (t) => {
  t.is(decide(own.toUpperCase(), 500), 'continue');
  t.is(decide('c'.repeat(40), 500), 'other-history');
});

test('`?` asks for everything, whatever the offset', (t) => {
  t.is(decide('?', -1), 'requested');
  t.is(decide('?', 500), 'requested');
});

test('an empty history serves who is at its beginning', (t) => {
  const request = { replid: own, offset: 1 };
  const empty = { histStart: 0, head: 0 };
  t.is(decidePsync(request, ids, empty).state, 'continue');
  t.is(decidePsync({ replid: own, offset: 0 }, ids, empty).state, 'full');
});

test('the window promised is the backlog configured, however large the ring', (t) => {
  t.deepEqual(backlogWindow(0, 1000, 400, null), { histStart: 600, head: 1000 });
  t.deepEqual(backlogWindow(700, 1000, 400, null), { histStart: 700, head: 1000 });
  // A slow replica keeps what it has still to read, and others may go on from there.
  t.deepEqual(backlogWindow(0, 1000, 400, 900), { histStart: 600, head: 1000 });
  t.deepEqual(backlogWindow(0, 1000, 400, 250), { histStart: 250, head: 1000 });
});
