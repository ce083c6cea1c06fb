/**
 * What `strict` costs: the same cluster with and without, in turn, by the client in the process.
 *
 * A strict master's replies wait until a majority of the nodes holds what they tell, which is the
 * way to a replica and back for one command at a time, and mostly nothing for many at once.
 */
import { Cluster } from '../src/index.js';
import { type Pair, compare } from '../src/lab/stats.js';
import { type BenchOptions, type Section, digits, scaled, section } from './section.js';

const REPLICAS = 2;
const VALUE = 'x'.repeat(64);
/** One after the other. */
const LONE_COMMANDS = 10_000;
/** So many under way at a time. */
const WINDOW = 500;
const COMMANDS = 200_000;

type Client = ReturnType<Cluster['client']>;

/** Each answers commands/s. */
const LOADS: readonly (readonly [
  name: string,
  run: (client: Client, n: number) => Promise<number>,
])[] = [
  ['SET, one at a time', (client, n) => loneRate(n, (i) => client.set(`k${i}`, VALUE))],
  ['GET, one at a time', (client, n) => loneRate(n, (i) => client.get(`k${i}`))],
  [`SET, ${WINDOW} at a time`, (client, n) => windowRate(client, n * (COMMANDS / LONE_COMMANDS))],
];

export async function strict(options: BenchOptions): Promise<Section> {
  await using plain = await Cluster.start({ replicas: REPLICAS });
  await using safe = await Cluster.start({ replicas: REPLICAS, strict: true });
  const sides = [safe.client(), plain.client()] as const;
  const lone = scaled(LONE_COMMANDS, options);
  const pairs = LOADS.map((): Pair[] => []);
  for (const [, run] of LOADS) for (const client of sides) await run(client, lone); // Warm up.
  for (let i = 0; i < options.pairs; i += 1) {
    for (const [at, [name, run]] of LOADS.entries()) {
      const [ours, peer] = [await run(sides[0], lone), await run(sides[1], lone)];
      pairs[at]!.push({ ours, peer });
      options.progress(`${name}: strict ${digits(ours)}/s, default ${digits(peer)}/s`);
    }
  }
  return section('strict: 2 replicas, 64-byte values, the client in the process', {
    comparisons: LOADS.map(([name], at) =>
      compare(name, 'commands/s', pairs[at]!, ['strict', 'default']),
    ),
  });
}

async function loneRate(count: number, run: (i: number) => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  for (let i = 0; i < count; i += 1) await run(i);
  return (count / (performance.now() - begin)) * 1000;
}

async function windowRate(client: Client, count: number): Promise<number> {
  const begin = performance.now();
  let issued = 0;
  const lane = async (): Promise<void> => {
    while (issued < count) {
      issued += 1;
      await client.set(`p${issued % 100_000}`, VALUE);
    }
  };
  await Promise.all(Array.from({ length: WINDOW }, lane));
  return (count / (performance.now() - begin)) * 1000;
}
