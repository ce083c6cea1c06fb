/** A short form of `npm run chains`: one round with three servers, one with four. */
import { testWithRedis } from '../support/real-redis.js';
import { runRound } from './round.js';

testWithRedis('real and own servers hold the same after misfortunes', async (t) => {
  t.timeout(120_000);
  const results = await Promise.all([
    runRound({ seed: 1, kinds: ['real', 'ours', 'real'], steps: 6, tell: (line) => t.log(line) }),
    runRound({
      seed: 2,
      kinds: ['ours', 'real', 'ours', 'real'],
      steps: 6,
      tell: (line) => t.log(line),
    }),
  ]);
  for (const { seed, faults } of results) t.deepEqual(faults, [], `seed ${seed}`);
});
