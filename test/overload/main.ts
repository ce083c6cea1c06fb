/** Pairs under a load that the link does not carry: `npm run overload -- [--seconds N] …`. */
import { hasProgram } from '../support/redis-process.js';
import { scriptArguments } from '../support/script.js';
import { type Outcome, overload } from './run.js';

const MB = 1_000_000;

const HELP = `usage: npm run overload -- [options]

A master is written to faster than the link to its replica carries: a pair of real servers, a pair of
ours, and one of ours with repl-flow-control throttle, side by side.

  --seconds N     how long (90)
  --link N        what the link carries, kb a second (2000)
  --load N        what is offered to the master, kb a second (4000)
  --limit N       client-output-buffer-limit replica, kb (16000)
  -h, --help      this

Ends with 1 if ours took a second full resync while the load lasted.`;

const values = scriptArguments(HELP, { seconds: 90, link: 2000, load: 4000, limit: 16_000 });
const options = {
  seconds: values.seconds,
  linkBytesPerSecond: values.link * 1000,
  loadBytesPerSecond: values.load * 1000,
  limitBytes: values.limit * 1000,
};
const pairs = [
  ...(hasProgram('redis-server')
    ? [{ kind: 'real', flowControl: '', name: 'redis' } as const]
    : []),
  { kind: 'ours', flowControl: '', name: 'ours' } as const,
  { kind: 'ours', flowControl: 'throttle', name: 'ours, throttle' } as const,
];
const outcomes = await Promise.all(pairs.map((pair) => overload({ ...options, ...pair })));
for (const [i, { name, kind }] of pairs.entries()) {
  const outcome = outcomes[i]!;
  console.log(line(name, outcome));
  for (const text of outcome.log) console.log(`    ${text}`);
  if (kind === 'ours' && outcome.fullSyncs > 1) process.exitCode = 1;
}

function line(name: string, outcome: Outcome): string {
  return [
    `${name}: ${outcome.fullSyncs} full syncs during the load, ${outcome.fullSyncsInAll} in all`,
    `${mb(outcome.takenBytesPerSecond)} MB/s written`,
    `longest batch ${outcome.longestMs.toFixed(0)} ms`,
    `${mb(outcome.sentBytes)} MB to the replica`,
    `the same ${(outcome.sameAfterMs / 1000).toFixed(1)} s after it`,
  ].join(', ');
}

function mb(bytes: number): string {
  return (bytes / MB).toFixed(1);
}
