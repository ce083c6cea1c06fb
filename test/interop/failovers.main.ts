/** ioredis 6 and node-redis 6 through many failovers of every kind, on one engine. */
import type { EngineChoice } from '../../src/cluster/engine/engine-choice.js';
import { isYes, scriptArguments } from '../support/script.js';
import { FailoverRounds, KINDS, type Round } from './failover-rounds.js';

const HELP = `usage: npm run failovers -- [options]

ioredis 6 and node-redis 6, each by one connection, through failovers of every kind.

  --rounds N     of each kind (50)
  --engine WHAT  threads, processes or redis (threads)
  --kinds LIST   of ${KINDS.join(', ')} (all)
  --strict YES   whether the cluster is strict, yes or no (no)
  -h, --help     this

Ends with 1 if a client hung in silence or did not come back, or if a coordinated failover, or any of
a strict cluster, lost an acknowledged write. Real sentinels have no coordinated failover: it is left out there.`;

const {
  rounds,
  engine,
  kinds,
  strict: isStrict,
} = scriptArguments(HELP, {
  rounds: 50,
  engine: 'threads',
  kinds: KINDS.join(','),
  strict: 'no',
});
const strict = isYes('--strict', isStrict);
const ENGINES = new Map<string, EngineChoice>([
  ['threads', 'threads'],
  ['processes', 'processes'],
  ['redis', { server: 'redis-server', sentinel: 'redis-sentinel' }],
]);
const chosen = ENGINES.get(engine);
const asked = kinds.split(',');
const unknown = asked.find((kind) => !KINDS.some((each) => each === kind));
if (chosen === undefined || unknown !== undefined) {
  console.error(`there is no ${chosen === undefined ? engine : unknown} (--help says more)`);
  process.exit(2);
}

let faults = 0;
for (const kind of KINDS) {
  if (!asked.includes(kind) || (kind === 'coordinated' && engine === 'redis')) continue;
  const all: Round[] = [];
  await using group = await FailoverRounds.start(chosen, strict);
  for (let i = 0; i < rounds; i++) {
    const round = await group.round(kind);
    all.push(round);
    const { hung, failed, lost } = round;
    const isFault =
      hung.length + failed.length > 0 || ((strict || kind === 'coordinated') && lost.length > 0);
    if (!isFault) continue;
    faults += 1;
    console.log(`  ${kind}, round ${i}:`, { hung, failed, lost: lost.length });
  }
  console.log(`${engine}, ${kind}: ${summary(all)}`);
}
process.exitCode = faults === 0 ? 0 : 1;

function summary(all: readonly Round[]): string {
  const back = ['ioredis', 'node-redis'].map((name) => {
    const times = all.flatMap(({ backMs }) => backMs[name] ?? []).toSorted((a, b) => a - b);
    const median = times[Math.floor(times.length / 2)] ?? Number.NaN;
    return `${name} back in ${median.toFixed(0)} ms, ${times.at(-1)?.toFixed(0)} at most`;
  });
  const sum = (of: (round: Round) => number): number => all.reduce((n, each) => n + of(each), 0);
  const counts = [
    `${sum(({ hung }) => hung.length)} silent hangs`,
    `${sum(({ failed }) => failed.length)} not back`,
    `${sum(({ lost }) => lost.length)} of ${sum(({ acked }) => acked)} acknowledged writes lost`,
    `${sum(({ errors }) => errors)} errors on the way`,
  ];
  return `${all.length} rounds; ${[...back, ...counts].join('; ')}`;
}
