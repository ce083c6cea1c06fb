/**
 * Chains and stars of real and own servers under random misfortunes:
 * `npm run chains -- [--seconds N] [--seed N] [--verbose]`.
 */
import { parseArgs } from 'node:util';
import { hasProgram } from '../support/redis-process.js';
import { kindsOf } from './kinds.js';
import { runRound } from './round.js';

const HELP = `usage: npm run chains -- [--seconds N] [--seed N] [--steps N] [--verbose]

Three or four servers, redis-server and ringleader in every order, replicate from each other; links are
cut and fall silent, servers stand still, are killed and come back, change places. At rest all must hold
the same data at the same offset. Exit code 1: they do not; then their logs are told.

  --seconds N  go on for so long (60)
  --seed N     of the first round; the next one has the next (random)
  --steps N    misfortunes a round (12)
  --verbose    tell each`;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    steps: { type: 'string', default: '12' },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const numbers = [values.seconds, values.seed, values.steps];
if (!numbers.every((text) => /^\d{1,9}$/.test(text))) {
  console.error('--seconds, --seed and --steps take numbers');
  process.exit(2);
}
if (!hasProgram('redis-server')) {
  console.error('redis-server is needed: it is what we replicate with.');
  process.exit(2);
}
const [seconds = 0, firstSeed = 0, steps = 0] = numbers.map(Number);
const end = Date.now() + seconds * 1000;
let seed = firstSeed;
let fullSyncs = 0;
let partialSyncs = 0;
for (; Date.now() < end; seed++) {
  const kinds = kindsOf(seed);
  const result = await runRound({
    seed,
    kinds,
    steps,
    tell: (line) => {
      if (values.verbose) console.log(`  ${line}`);
    },
  });
  fullSyncs += result.fullSyncs;
  partialSyncs += result.partialSyncs;
  console.log(
    `seed ${seed} ${kinds.join(' ')}: ${result.faults.length === 0 ? 'the same' : result.faults.join('; ')}`,
  );
  if (result.faults.length > 0) {
    for (const [name, log] of result.logs) console.log(log.replaceAll(/^/gm, `${name}| `));
    process.exitCode = 1;
    break;
  }
}
console.log(`${seed - firstSeed} rounds, ${fullSyncs} full syncs, ${partialSyncs} partial ones`);
