/**
 * `npm run readers`: reads of shared memory, proven: millions under every kind of change, and
 * rounds in which reader and node threads are killed.
 */
import { parseArgs } from 'node:util';

import { endWithReader } from '../../src/cli/reader-gone.js';
import { check } from './check.js';
import { killRounds } from './rounds.js';

const HELP = `usage: npm run readers -- [options]

  --reads N    checked reads beside writes, growth, eviction and expiry (10000000; 0: none)
  --rounds N   rounds in which threads are killed (100; 0: none)
  --seed N     of everything that is drawn (1)
  --json       the results as JSON on standard output
  -h, --help   this

Ends with 1 if a value was torn, too old or expired, a read failed, or an acknowledged write is gone.`;

endWithReader();

function readArguments(): { reads: number; rounds: number; seed: number; json: boolean } {
  const { values } = parseArgs({
    options: {
      reads: { type: 'string', default: '10000000' },
      rounds: { type: 'string', default: '100' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    process.exit(0);
  }
  const whole = (name: 'reads' | 'rounds' | 'seed'): number => {
    if (/^\d{1,9}$/.test(values[name])) return Number(values[name]);
    throw new Error(`--${name} cannot be '${values[name]}': a whole number`);
  };
  return { reads: whole('reads'), rounds: whole('rounds'), seed: whole('seed'), json: values.json };
}

function argumentsOrExit(): ReturnType<typeof readArguments> {
  try {
    return readArguments();
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return process.exit(2);
  }
}

const { reads, rounds, seed, json } = argumentsOrExit();
const progress = (line: string): void => console.error(line);
const checked =
  reads === 0 ? null : await check({ reads, writes: reads / 50, seed, keys: 10_000, progress });
const killed = rounds === 0 ? null : await killRounds({ rounds, seed, progress });
const faults = [...(checked?.faults ?? []), ...(killed?.faults ?? [])];
if (json) console.log(JSON.stringify({ seed, checked, killed }, null, 2));
else {
  if (checked !== null) {
    const { reads: done, hits, writes, evicted, expired } = checked;
    console.log(
      `${done} reads (${hits} hits) beside ${writes} writes: ${evicted} evicted, ${expired} expired`,
    );
  }
  if (killed !== null) {
    const times = killed.rounds.map(({ resumedMs }) => resumedMs).toSorted((a, b) => a - b);
    const late = times.filter((ms) => ms > 100).length;
    console.log(
      `${times.length} rounds, ${killed.reads} reads; writes resumed after ` +
        `${times[times.length >> 1]?.toFixed(0)} ms (median), ${times.at(-1)?.toFixed(0)} ms (worst), ` +
        `${late} times after more than 100`,
    );
  }
  for (const fault of faults.slice(0, 20)) console.log(fault);
  console.log(faults.length === 0 ? 'nothing wrong' : `${faults.length} faults`);
}
process.exitCode = faults.length === 0 ? 0 : 1;
