/**
 * A full sync between processes: of 1 million keys (16 + 64 bytes) in every pairing of ours and
 * Redis', and of 1 GB; how long it takes, who waits for it, and what memory it takes.
 */
import { type Comparison, compare } from '../src/lab/stats.js';
import { LatencyProbe, type Latency } from './latency-probe.js';
import { keyName, loadKeys } from './loader.js';
import { type BenchOptions, digits, scaled } from './section.js';
import { both, type WireKind, type WireServer } from './wire-server.js';

const KEYS = 1_000_000;
const SIZE = 64;
/** 1 GB. */
const LARGE_KEYS = 1_000_000;
const LARGE_SIZE = 1000;

interface Sync extends Latency {
  readonly ms: number;
  /** The most that the master held during it, over what it held before. */
  readonly growth: number;
}

type Pairing = readonly [WireKind, WireKind];

const ALIKE: readonly Pairing[] = [
  ['redis', 'redis'],
  ['ours', 'ours'],
];
const MIXED: readonly Pairing[] = [
  ['ours', 'redis'],
  ['redis', 'ours'],
];

export async function syncs(options: BenchOptions): Promise<Comparison[]> {
  const keys = options.keys ?? scaled(KEYS, options);
  const pairings = [...ALIKE, ...MIXED];
  const runs = await measure(options, { keys, size: SIZE }, pairings);
  return [
    ...pairings
      .slice(1)
      .map((pairing) =>
        line(runs, `full sync ${name(pairing)}`, name(pairing), 'ms', ({ ms }) => ms),
      ),
    line(runs, "ours→ours: master's longest answer", 'ours→ours', 'ms', ({ maxMs }) => maxMs),
    line(runs, "ours→ours: master's memory", 'ours→ours', '× before', ({ growth }) => growth),
  ];
}

/** While 1 GB is synced: the longest SET, and the memory. */
export async function largeSync(options: BenchOptions): Promise<Comparison[]> {
  const keys = scaled(LARGE_KEYS, options);
  const runs = await measure(options, { keys, size: LARGE_SIZE }, ALIKE);
  const what = `${digits((keys * LARGE_SIZE) / 1e6)} MB, ours→ours`;
  const figure = (label: string, unit: string, of: (sync: Sync) => number): Comparison =>
    line(runs, `${what}: ${label}`, 'ours→ours', unit, of);
  return [
    figure('full sync', 'ms', ({ ms }) => ms),
    figure("master's SET, p99", 'ms', ({ p99Ms }) => p99Ms),
    figure("master's longest SET", 'ms', ({ maxMs }) => maxMs),
    figure("master's memory", '× before', ({ growth }) => growth),
  ];
}

type Runs = readonly Readonly<Record<string, Sync>>[];

async function measure(
  options: BenchOptions,
  { keys, size }: { readonly keys: number; readonly size: number },
  pairings: readonly Pairing[],
): Promise<Runs> {
  await using masters = await both();
  await using replicas = await both();
  for (const kind of ['ours', 'redis'] as const) {
    options.progress(`${kind}: loading ${digits(keys)} keys of ${size} bytes`);
    await loadKeys(masters[kind].port, { count: keys, size });
  }
  const runs: Record<string, Sync>[] = [];
  for (let i = 0; i < options.pairs; i += 1) {
    const run: Record<string, Sync> = {};
    for (const pairing of pairings) {
      const [from, to] = pairing;
      // What the others free of the last sync would be waited for in this one.
      const others = [masters[other(from)], replicas[other(to)]];
      for (const server of others) server.pause(true);
      const sync = await syncOnce(masters[from], replicas[to], keys);
      for (const server of others) server.pause(false);
      run[name(pairing)] = sync;
      options.progress(
        `${name(pairing)}: ${digits(sync.ms)} ms, master's longest SET ${digits(sync.maxMs)} ms (p99 ${digits(sync.p99Ms)}), memory × ${digits(sync.growth)}`,
      );
    }
    runs.push(run);
  }
  return runs;
}

/** A pairing's figures beside those of Redis alone. */
function line(
  runs: Runs,
  label: string,
  pairing: string,
  unit: string,
  figure: (sync: Sync) => number,
): Comparison {
  return compare(
    label,
    unit,
    runs.map((run) => ({ ours: figure(run[pairing]!), peer: figure(run['redis→redis']!) })),
  );
}

function other(kind: WireKind): WireKind {
  return kind === 'ours' ? 'redis' : 'ours';
}

function name([from, to]: Pairing): string {
  return `${from}→${to}`;
}

async function syncOnce(master: WireServer, replica: WireServer, keys: number): Promise<Sync> {
  await replica.leave();
  const before = master.residentBytes();
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, master.residentBytes());
  }, 10);
  const probe = await LatencyProbe.connect(master.port, ['SET', keyName(0), 'x'.repeat(SIZE)]);
  probe.start();
  const begin = performance.now();
  await replica.follow(master);
  await replica.linkIsUp();
  const ms = performance.now() - begin;
  const latency = await probe.stop();
  clearInterval(watch);
  const stored = await replica.client.dbsize();
  if (stored !== keys) throw new Error(`the replica has ${stored} of ${keys} keys`);
  await replica.leave();
  return { ...latency, ms, growth: most / before };
}
