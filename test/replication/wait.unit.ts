import test from 'ava';
import { countAcked, settleWaiters } from '../../src/replication/wait.js';

test('an offset counts as acknowledged when it is reached', (t) => {
  t.is(countAcked([99, 100, 101], 100), 2);
});

test('who has enough replicas is answered with all there are', (t) => {
  const waiter = { numReplicas: 1, offset: 100, deadlineAt: null };
  const outcome = settleWaiters([waiter], [100, 200], 0);
  t.deepEqual(outcome, { answered: [{ waiter, replicas: 2 }], waiting: [], notifyAt: -1 });
});

test('a deadline passes when it is reached', (t) => {
  const waiter = { numReplicas: 2, offset: 100, deadlineAt: 50 };
  t.is(settleWaiters([waiter], [100], 49).waiting.length, 1);
  t.deepEqual(settleWaiters([waiter], [100], 50).answered, [{ waiter, replicas: 1 }]);
});

test('the master wants to hear of the lowest offset that somebody waits for', (t) => {
  const waiters = [300, 200, 100].map((offset) => ({ numReplicas: 1, offset, deadlineAt: null }));
  const outcome = settleWaiters(waiters, [150], 0);
  t.is(outcome.answered.length, 1);
  t.is(outcome.notifyAt, 200);
});
