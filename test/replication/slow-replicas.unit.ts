/** Who is refused a full resync for being too slow, and until when. */
import test from 'ava';
import { SlowReplicas } from '../../src/replication/slow-replicas.js';
import { StreamRate } from '../../src/replication/stream-rate.js';

const LIMITS = {
  flowControl: 'auto',
  flowControlTimeoutMs: 5000,
  replicaBufferLimit: { hardBytes: 1000, softBytes: 0, softSeconds: 0 },
} as const;
const SESSION = { host: '10.0.0.1', port: 7000, isRemote: true, leftBytes: 5000 };
/** Dropped at 10,000 ms, having taken 3000 bytes in 3 s. */
const RECORD = { session: SESSION, heardAt: 9000, wholeAt: 7000, wholeLeftBytes: 2000 };
const AT = 10_000;

/** The stream has so many bytes a second, up to the drop and after it. */
function dropped(bytesPerSecond: number, record = RECORD): SlowReplicas {
  const slow = new SlowReplicas();
  for (let now = 0; now <= AT; now += 100) slow.onCron((now / 1000) * bytesPerSecond, now);
  slow.onDropped(record, LIMITS, AT);
  return slow;
}

/** @returns whether it is refused `afterMs` after its drop, the stream as fast as before. */
function isRefused(slow: SlowReplicas, bytesPerSecond: number, afterMs: number): boolean {
  const now = AT + afterMs;
  return slow.whyNot(SESSION, LIMITS, (now / 1000) * bytesPerSecond, now) !== null;
}

test('as long as the stream has more than it took', (t) => {
  t.true(isRefused(dropped(1001), 1001, 1000));
  t.false(isRefused(dropped(1000), 1000, 1000));
});

test('for two minutes at most, then for four', (t) => {
  const slow = dropped(5000);
  t.true(isRefused(slow, 5000, 119_999));
  t.false(isRefused(slow, 5000, 120_000));
  slow.onDropped({ ...RECORD, heardAt: AT + 120_000 }, LIMITS, AT + 120_000);
  t.true(isRefused(slow, 5000, 359_999));
  t.false(isRefused(slow, 5000, 360_000));
});

test('not once it has caught up, and not under other limits', (t) => {
  const slow = dropped(5000);
  const raised = { ...LIMITS, replicaBufferLimit: { ...LIMITS.replicaBufferLimit, hardBytes: 9 } };
  t.is(slow.whyNot(SESSION, raised, 55_000, AT + 1000), null);
  t.is(slow.whyNot(SESSION, { ...LIMITS, flowControl: 'throttle' }, 55_000, AT + 1000), null);
  t.deepEqual(slow.info(AT + 1000), [
    [
      'slow_replica0',
      'ip=10.0.0.1,port=7000,takes=1000,retry_in=119,raise=client-output-buffer-limit',
    ],
  ]);
  slow.onWhole(SESSION);
  t.false(isRefused(slow, 5000, 1000));
  t.deepEqual(slow.info(AT), []);
});

test('one that was silent was away, and one of the process is held for', (t) => {
  t.true(isRefused(dropped(5000, { ...RECORD, heardAt: AT - 3000 }), 5000, 1000));
  t.false(isRefused(dropped(5000, { ...RECORD, heardAt: AT - 3001 }), 5000, 1000));
  t.false(isRefused(dropped(5000, { ...RECORD, wholeLeftBytes: 5000 }), 5000, 1000));
  const near = { ...RECORD, session: { ...SESSION, isRemote: false } };
  t.false(isRefused(dropped(5000, near), 5000, 1000));
});

test('a rate is of the last seconds', (t) => {
  const rate = new StreamRate();
  t.is(rate.at(100, 50), 0);
  for (let now = 0; now <= 10_000; now += 500) rate.note(now * 2, now);
  t.is(rate.at(20_000, 10_000), 2000);
  for (let now = 10_500; now <= 12_000; now += 500) rate.note(20_000, now);
  t.true(rate.at(20_000, 12_000) > 1000, 'a pause of two seconds');
  for (let now = 12_500; now <= 20_500; now += 500) rate.note(20_000, now);
  t.is(rate.at(20_000, 20_500), 0);
});
