import test from 'ava';
import { isMasterFrame, isReplicaFrame } from '../../../src/replication/shared/frames.js';

test('each frame belongs to one direction, and other frames to none', (t) => {
  for (const type of ['psync', 'credit', 'online', 'ack', 'leave']) {
    t.true(isReplicaFrame({ type }));
    t.false(isMasterFrame({ type }));
  }
  for (const type of ['continue', 'full-resync', 'snapshot', 'wake', 'refuse']) {
    t.true(isMasterFrame({ type }));
    t.false(isReplicaFrame({ type }));
  }
  t.false(isReplicaFrame({ type: 'connect' }));
  t.false(isMasterFrame({ type: 'connect' }));
});
