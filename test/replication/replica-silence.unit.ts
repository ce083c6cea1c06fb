/** When a replica counts as silent. */
import test from 'ava';
import type { ReplicaStage } from '../../src/replication/replica-record.js';
import { isSilent } from '../../src/replication/replica-silence.js';

interface Seen {
  readonly isOwing: boolean;
  readonly leftBytes: number;
}

/** @returns whether it is silent at 101 ms, of which 100 may be silence. */
function judge(stage: ReplicaStage, { isOwing, leftBytes }: Seen, acknowledges = true): boolean {
  const session = { acknowledges, isOwing, leftBytes };
  return isSilent({ session, stage, heardAt: 0, leftBytes: 10 }, 100, 101);
}

const STUCK = { isOwing: true, leftBytes: 10 };
const MOVING = { isOwing: true, leftBytes: 11 };
const WAITING = { isOwing: false, leftBytes: 10 };

test('one that waits for its snapshot has nothing to say', (t) => {
  t.false(judge('wait-snapshot', STUCK));
});

test('taking what comes is a sign of life, and so is having taken all', (t) => {
  t.true(judge('sending', STUCK));
  t.false(judge('sending', MOVING));
  t.false(judge('sending', WAITING));
});

test('with the snapshot’s last bytes it is its turn', (t) => {
  t.false(judge('loading', MOVING));
  t.true(judge('loading', WAITING));
  t.true(judge('loading', STUCK));
});

test('online it has to speak, if it can', (t) => {
  t.true(judge('online', MOVING));
  t.true(judge('online', WAITING));
  t.false(judge('online', WAITING, false));
});

test('at the limit it is not over', (t) => {
  const session = { acknowledges: true, ...WAITING };
  const record = { session, stage: 'online' as const, heardAt: 1, leftBytes: 0 };
  t.false(isSilent(record, 100, 101));
  t.true(isSilent(record, 100, 102));
});
