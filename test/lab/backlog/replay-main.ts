/**
 * The long proof: `npm run replay`. 20 random series × outage patterns, each replayed on a virtual
 * clock and with threads in real time; ends with 1 if fewer than 18 of either lie inside the
 * predicted 95 %.
 */
import { Core } from '../../../src/core/core.js';
import { replayOnCluster } from '../../../src/lab/backlog/cluster-replay.js';
import { describeOutages } from '../../../src/lab/backlog/outages.js';
import { formatSize } from '../../../src/base/quantity.js';
import { percent } from '../../../src/lab/backlog/quantities.js';
import { compare, type ReplayResult } from '../../../src/lab/backlog/replay.js';
import { replayVirtually } from '../../../src/lab/backlog/virtual-replay.js';
import { scriptArguments } from '../../support/script.js';
import { randomScenario } from './scenarios.js';

const HELP = `usage: npm run replay -- [options]

Random series and outage patterns: predicted full resyncs beside those of replays.

  --scenarios N        how many (20)
  --from N             the first one's seed (1)
  --rounds N           outages of each, on a virtual clock (500)
  --threaded-rounds N  and with threads in real time (40)
  --factor N           how much faster than real that goes (100)
  -h, --help           this

Ends with 1 if fewer than nine in ten lie inside the predicted 95 %.`;

const values = scriptArguments(HELP, {
  scenarios: 20,
  from: 1,
  rounds: 500,
  'threaded-rounds': 40,
  factor: 100,
});

const module = await Core.compile();
const { from } = values;
const count = values.scenarios;
const inside = { virtual: 0, threads: 0 };
for (let seed = from; seed < from + count; seed++) {
  const { point, ...scenario } = await randomScenario(seed);
  const task = { ...scenario, size: point.size };
  const long = { ...task, rounds: values.rounds };
  const virtual = compare(long, replayVirtually(module, long), point.share);
  const short = { ...task, rounds: values['threaded-rounds'] };
  const observed = await replayOnCluster(short, { factor: values.factor });
  const threads = compare(short, observed, point.share);
  inside.virtual += Number(virtual.isInside);
  inside.threads += Number(threads.isInside);
  console.log(
    `seed ${seed}: ${formatSize(point.size)}, ${describeOutages(scenario.pattern)}; predicted ${percent(point.share)}; virtual ${line(virtual)}; threads ${line(threads)}`,
  );
}
console.log(
  `inside the predicted 95 %: virtual ${inside.virtual}, threads ${inside.threads}, of ${count}`,
);
process.exitCode = Math.min(inside.virtual, inside.threads) >= count * 0.9 ? 0 : 1;

function line({ full, rounds, expected, isInside }: ReplayResult): string {
  return `${full} of ${rounds} full (${expected.low} to ${expected.high})${isInside ? '' : ' OUTSIDE'}`;
}
