/** Servers killed while they are written to: `npm run crashes -- [--rounds N] [--seed N]`. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Prng } from '../../src/base/prng.js';
import { type CrashPolicy, crashRounds } from './round.js';

const POLICIES: readonly CrashPolicy[] = ['always', 'everysec', 'rdb'];

const HELP = `usage: npm run crashes -- [--rounds N] [--seed N] [--policy P]

A server is killed with SIGKILL at random moments under load and started again, N times with
appendfsync always, N times with everysec and N times with save points. What comes back must be a prefix of
what was sent: with all that was acknowledged, with everysec all up to a second before, with save points all up
to the last save. Exit code 1: it is not.

  --rounds N   of each (100)
  --policy P   one of ${POLICIES.join(', ')} (all)
  --seed N     of the moments (random)`;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    policy: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
if (![values.rounds, values.seed].every((text) => /^\d{1,9}$/.test(text))) {
  console.error('--rounds and --seed take numbers');
  process.exit(2);
}
const chosen = POLICIES.filter((each) => each === (values.policy ?? each));
if (chosen.length === 0) {
  console.error(`--policy is one of ${POLICIES.join(', ')}`);
  process.exit(2);
}
const seed = Number(values.seed);
console.log(`seed ${seed}`);
for (const policy of chosen) {
  const dir = await mkdtemp(path.join(tmpdir(), 'ringleader-crashes-'));
  try {
    const lost = await crashRounds(dir, policy, Number(values.rounds), new Prng(seed));
    console.log(`${policy}: ${lost.length} rounds, at most ${Math.max(0, ...lost)} writes lost`);
  } catch (error) {
    console.log(`${policy}: ${String(error)}`);
    process.exitCode = 1;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
