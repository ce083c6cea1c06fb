/**
 * Rounds of faults by the hundred: `node dist/test/faults/main.js --rounds 100 --writes 10000
 * [--fault kill|throw|oom|freeze|all] [--seed N] [--down-after MS]`.
 *
 * Prints a line a round and the medians; exits with 1 if any rule was broken in any of them.
 */
import { parseArgs } from 'node:util';
import { Prng } from '../../src/base/prng.js';
import { Cluster } from '../../src/cluster/cluster.js';
import { FAULTS, runRound, type FaultKind } from './rounds.js';

/** Rounds that one cluster goes through: as many as the supervisor takes for chance. */
const ROUNDS_PER_CLUSTER = 4;
/** Little, so that the starving thread dies soon. */
const HEAP_MB = 48;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    writes: { type: 'string', default: '10000' },
    fault: { type: 'string', default: 'all' },
    seed: { type: 'string', default: '1' },
    'down-after': { type: 'string', default: '300' },
  },
});
const kinds = FAULTS.filter((kind) => values.fault === 'all' || values.fault === kind);
if (kinds.length === 0) throw new Error(`--fault is one of ${FAULTS.join(', ')}, all`);
const rounds = Number(values.rounds);
const writes = Number(values.writes);
const downAfterMs = Number(values['down-after']);

const outages = new Map<FaultKind, number[]>(kinds.map((kind) => [kind, []]));
let broken = 0;
for (let round = 0; round < rounds;) {
  const seed = Number(values.seed) + round;
  const random = new Prng(seed);
  await using cluster = await Cluster.start({ downAfterMs, heapMb: HEAP_MB, seed });
  for (let n = 0; n < ROUNDS_PER_CLUSTER && round < rounds; n++, round++) {
    const fault = kinds[round % kinds.length]!;
    const result = await runRound(cluster, { fault, writes, random, prefix: `r${round}` });
    outages.get(fault)?.push(result.outageMs);
    if (result.violations.length > 0) broken += 1;
    const { struck, promoted, acknowledged, unknown, outageMs, violations } = result;
    console.log(
      `${String(round).padStart(4)}  ${fault.padEnd(6)}  ${struck} → ${promoted}  ` +
        `${acknowledged} acknowledged, ${unknown} unknown, writes again after ` +
        `${outageMs.toFixed(1)} ms${violations.map((each) => `\n      BROKEN: ${each}`).join('')}`,
    );
  }
}
for (const [fault, times] of outages) {
  const sorted = times.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  const worst = sorted.at(-1) ?? NaN;
  console.log(
    `${fault.padEnd(6)}  ${times.length} rounds, median ${median.toFixed(1)} ms, ` +
      `worst ${worst.toFixed(1)} ms`,
  );
}
console.log(broken === 0 ? 'no rule broken' : `rules broken in ${broken} rounds`);
process.exitCode = broken === 0 ? 0 : 1;
