/**
 * Replay or search: `node dist/test/sim/main.js --seed N` prints one seed's day as a trace,
 * `--seeds N [--from M]` runs many and names those that broke a rule.
 */
import { scriptArguments } from '../support/script.js';
import { runSeed } from './run.js';

const HELP = `usage: npm run sim -- [options]

Simulate bad days of the sentinels, on a clock and dice of their own.

  --seed N    one day, printed as it goes
  --seeds N   so many days, only those that broke a rule are named (1000)
  --from N    the first of their seeds (1)
  -h, --help  this

Ends with 1 if a rule was broken.`;

const values = scriptArguments(HELP, { seed: null, seeds: 1000, from: 1 });

if (values.seed !== null) {
  const result = runSeed(values.seed, (line) => console.log(line));
  console.log(result);
  process.exitCode = result.violation === null ? 0 : 1;
} else {
  const { from } = values;
  const begin = performance.now();
  const totals = { elections: 0, switches: 0, slowestRecoveryMs: 0, broken: 0 };
  for (let seed = from; seed < from + values.seeds; seed++) {
    const { violation, elections, switches, recoveredMs } = runSeed(seed);
    totals.elections += elections;
    totals.switches += switches;
    totals.slowestRecoveryMs = Math.max(totals.slowestRecoveryMs, recoveredMs);
    if (violation === null) continue;
    totals.broken++;
    console.log(`seed ${seed}: ${violation}`);
  }
  console.log(totals, `${((performance.now() - begin) / 1000).toFixed(1)} s`);
  process.exitCode = totals.broken === 0 ? 0 : 1;
}
