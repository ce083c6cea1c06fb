/**
 * Replay or search: `node dist/test/sim/main.js --seed N` prints one seed's day as a trace,
 * `--seeds N [--from M]` runs many and names those that broke a rule.
 */
import { parseArgs } from 'node:util';
import { runSeed } from './run.js';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
  },
});

if (values.seed !== undefined) {
  const result = runSeed(Number(values.seed), (line) => console.log(line));
  console.log(result);
  process.exitCode = result.violation === null ? 0 : 1;
} else {
  const from = Number(values.from);
  const begin = performance.now();
  const totals = { elections: 0, switches: 0, slowestRecoveryMs: 0, broken: 0 };
  for (let seed = from; seed < from + Number(values.seeds); seed++) {
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
