/**
 * Rounds of faults by the hundred: `node dist/test/faults/main.js --rounds 100 --writes 10000
 * [--fault kill|throw|oom|freeze|all] [--seed N] [--elections coordinator|direct] [--down-after MS]
 * [--strict yes] [--tell-over MS]`.
 *
 * Prints a line a round and the medians, and of a round that broke a rule or took long all that the
 * cluster said; exits with 1 if any rule was broken in any of them.
 */
import { Prng } from '../../src/base/prng.js';
import { Cluster } from '../../src/cluster/cluster.js';
import { isYes, scriptArguments } from '../support/script.js';
import { FAULTS, runRound, type FaultKind } from './rounds.js';
import { Timeline } from './timeline.js';

/** Rounds that one cluster goes through: as many as the supervisor takes for chance. */
const ROUNDS_PER_CLUSTER = 4;
/** Little, so that the starving thread dies soon. */
const HEAP_MB = 48;

const HELP = `usage: npm run faults -- [options]

Rounds of writes in which a thread fails, each followed by a look for what was acknowledged and is gone.

  --rounds N      how many (20)
  --writes N      of each round (10000)
  --fault NAME    ${FAULTS.join(', ')} or all (all)
  --seed N        of the first round (1)
  --elections WAY through the coordinator, or over wires: direct (coordinator)
  --down-after N  ms of silence until a node counts as down (300)
  --strict YES    whether the cluster is strict, yes or no (no)
  --tell-over N   ms of outage: of longer rounds all events are printed, as of those that broke a rule (2000)
  -h, --help      this

Ends with 1 if a rule was broken.`;

const values = scriptArguments(HELP, {
  rounds: 20,
  writes: 10_000,
  fault: 'all',
  seed: 1,
  elections: 'coordinator',
  'down-after': 300,
  strict: 'no',
  'tell-over': 2000,
});
const strict = isYes('--strict', values.strict);
const kinds = FAULTS.filter((kind) => values.fault === 'all' || values.fault === kind);
if (kinds.length === 0) {
  console.error(`--fault is one of ${FAULTS.join(', ')}, all; got '${values.fault}'`);
  process.exit(2);
}
if (values.elections !== 'coordinator' && values.elections !== 'direct') {
  console.error(`--elections is coordinator or direct; got '${values.elections}'`);
  process.exit(2);
}
const coordinator = values.elections === 'coordinator';
const { rounds, writes, 'down-after': downAfterMs } = values;

const outages = new Map<FaultKind, number[]>(kinds.map((kind) => [kind, []]));
let broken = 0;
for (let round = 0; round < rounds;) {
  const seed = values.seed + round;
  const random = new Prng(seed);
  await using cluster = await Cluster.start({
    downAfterMs,
    heapMb: HEAP_MB,
    seed,
    coordinator,
    strict,
    readyTimeoutMs: 60_000,
  });
  const timeline = new Timeline(cluster);
  for (let n = 0; n < ROUNDS_PER_CLUSTER && round < rounds; n++, round++) {
    const fault = kinds[round % kinds.length]!;
    timeline.begin();
    const note = (text: string): void => timeline.note(text);
    const result = await runRound(cluster, { fault, writes, random, prefix: `r${round}`, note });
    outages.get(fault)?.push(result.outageMs);
    if (result.violations.length > 0) broken += 1;
    const { struck, promoted, acknowledged, unknown, outageMs, violations } = result;
    console.log(
      `${String(round).padStart(4)}  ${fault.padEnd(6)}  ${struck} → ${promoted}  ` +
        `${acknowledged} acknowledged, ${unknown} unknown, writes again after ` +
        `${outageMs.toFixed(1)} ms${violations.map((each) => `\n      BROKEN: ${each}`).join('')}`,
    );
    if (violations.length > 0 || outageMs > values['tell-over']) {
      console.log(timeline.lines.join('\n'));
    }
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
