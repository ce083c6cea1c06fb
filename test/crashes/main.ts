/** Servers killed while they are written to: `npm run crashes -- [--rounds N] [--seed N]`. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Prng } from '../../src/base/prng.js';
import { type CrashPolicy, crashRounds } from './round.js';

const HELP = `usage: npm run crashes -- [--rounds N] [--seed N]

A server with an append-only file is killed with SIGKILL at random moments under load and started again,
N times with appendfsync always and N times with everysec. What comes back must be a prefix of what was
sent: with all that was acknowledged, or with everysec all up to a second before. Exit code 1: it is not.

  --rounds N   of each (100)
  --seed N     of the moments (random)`;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
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
const seed = Number(values.seed);
console.log(`seed ${seed}`);
for (const policy of ['always', 'everysec'] satisfies CrashPolicy[]) {
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
