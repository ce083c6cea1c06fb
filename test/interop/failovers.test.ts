/** The short form of `npm run failovers`: one failover of every kind, by threads. */
import test from 'ava';

import { FailoverRounds, KINDS } from './failover-rounds.js';

test('ioredis and node-redis come back from every kind of failover; a coordinated one loses nothing', async (t) => {
  await using group = await FailoverRounds.start('threads');
  for (const kind of KINDS) {
    const { hung, failed, lost, acked, backMs } = await group.round(kind);
    t.deepEqual({ kind, hung, failed }, { kind, hung: [], failed: [] });
    t.deepEqual(Object.keys(backMs).toSorted(), ['ioredis', 'node-redis']);
    t.true(acked > 0);
    if (kind === 'coordinated') t.deepEqual(lost, []);
  }
});
