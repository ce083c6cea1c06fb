/**
 * The long proof: `npm run replay`. 20 random series × outage patterns, each replayed on a virtual clock
 * and with threads in real time; ends with 1 if fewer than 18 of either lie inside the predicted 95 %.
 */
import { parseArgs } from 'node:util';
import { Core } from '../../../src/core/core.js';
import { replayOnCluster } from '../../../src/lab/backlog/cluster-replay.js';
import { describeOutages } from '../../../src/lab/backlog/outages.js';
import { formatSize } from '../../../src/base/quantity.js';
import { percent } from '../../../src/lab/backlog/quantities.js';
import { compare, type ReplayResult } from '../../../src/lab/backlog/replay.js';
import { replayVirtually } from '../../../src/lab/backlog/virtual-replay.js';
import { randomScenario } from './scenarios.js';

const { values } = parseArgs({
  options: {
    scenarios: { type: 'string', default: '20' },
    from: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '500' },
    'threaded-rounds': { type: 'string', default: '40' },
    factor: { type: 'string', default: '100' },
  },
});

const module = await Core.compile();
const from = Number(values.from);
const count = Number(values.scenarios);
const inside = { virtual: 0, threads: 0 };
for (let seed = from; seed < from + count; seed++) {
  const { point, ...scenario } = await randomScenario(seed);
  const task = { ...scenario, size: point.size };
  const long = { ...task, rounds: Number(values.rounds) };
  const virtual = compare(long, replayVirtually(module, long), point.share);
  const short = { ...task, rounds: Number(values['threaded-rounds']) };
  const observed = await replayOnCluster(short, { factor: Number(values.factor) });
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
