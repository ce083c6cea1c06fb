/**
 * A million keys (16 + 64 bytes) that expire in the same millisecond: the latency of a client that
 * asks for another key from that moment until the last of them is gone, and how long that takes.
 *
 * The client shares the machine with the server, so its latency is also taken while nothing
 * expires: what the machine itself does to a client shows there.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from '../src/index.js';
import { type Latency, LatencyProbe } from './latency-probe.js';
import { loadKeys } from './loader.js';
import { RealRedis } from './real-redis.js';
import { type BenchOptions, type Section, digits, scaled, section } from './section.js';
import { compare } from '../src/lab/stats.js';
import { TcpGroup } from './tcp-group.js';

const KEYS = 1_000_000;
const SIZE = 64;
const PROBED = 'another key';
const QUIET_MS = 1000;

interface Expiry extends Latency {
  readonly seconds: number;
  readonly quiet: Latency;
}

export async function expiry(options: BenchOptions): Promise<Section> {
  const keys = options.keys ?? scaled(KEYS, options);
  await using cluster = await Cluster.start({ replicas: 0, sentinels: 0 });
  const ours = new TcpGroup(cluster.nodes().map(({ port }) => port));
  try {
    await using redis = options.hasRedis ? await RealRedis.start(0) : null;
    const groups = redis === null ? [ours] : [ours, redis.group];
    for (const group of groups) await expireOnce(group, Math.ceil(keys / 10)); // Warm up.
    const runs: Expiry[][] = [];
    for (let i = 0; i < options.pairs; i += 1) {
      const run: Expiry[] = [];
      for (const group of groups) run.push(await expireOnce(group, keys));
      runs.push(run);
      options.progress(run.map(describe).join('; redis: '));
    }
    return report(keys, runs);
  } finally {
    ours.close();
  }
}

function describe({ p99Ms, maxMs, seconds }: Expiry): string {
  return `p99 ${digits(p99Ms)} ms, longest ${digits(maxMs)} ms, ${digits(seconds)} s`;
}

function report(keys: number, runs: readonly Expiry[][]): Section {
  const line = (name: string, unit: string, figure: (run: Expiry) => number) =>
    compare(
      name,
      unit,
      runs.map(([ours, peer]) => ({
        ours: figure(ours!),
        peer: peer === undefined ? null : figure(peer),
      })),
    );
  return section(`${digits(keys)} keys of 16 bytes, values of ${SIZE}, expire at once`, {
    comparisons: [
      line("a client's latency meanwhile: p50", 'ms', ({ p50Ms }) => p50Ms),
      line("a client's latency meanwhile: p99", 'ms', ({ p99Ms }) => p99Ms),
      line("a client's latency meanwhile: longest", 'ms', ({ maxMs }) => maxMs),
      line('before: p99', 'ms', ({ quiet }) => quiet.p99Ms),
      line('before: longest', 'ms', ({ quiet }) => quiet.maxMs),
      line('until the last is gone', 's', ({ seconds }) => seconds),
    ],
  });
}

async function expireOnce({ ports, master }: TcpGroup, count: number): Promise<Expiry> {
  const port = ports[0]!;
  await master.flushall();
  await master.set(PROBED, 'x'.repeat(SIZE));
  // How long the loading takes is learnt by loading them once, for ever.
  const loading = performance.now();
  await loadKeys(port, { count, size: SIZE });
  const loadMs = performance.now() - loading;
  const expireAtMs = Math.ceil(Date.now() + loadMs * 2) + QUIET_MS + 1000;
  await loadKeys(port, { count, size: SIZE, expireAtMs });
  const quietProbe = await LatencyProbe.connect(port, ['GET', PROBED]);
  quietProbe.start();
  await sleep(QUIET_MS);
  const quiet = await quietProbe.stop();
  const leadMs = expireAtMs - Date.now();
  if (leadMs < 0)
    throw new Error('the machine slowed down: the keys expired while they were loaded');
  await sleep(leadMs);
  const probe = await LatencyProbe.connect(port, ['GET', PROBED]);
  probe.start();
  const begin = performance.now();
  while ((await master.dbsize()) > 1) await sleep(20);
  const seconds = (performance.now() - begin) / 1000;
  return { ...(await probe.stop()), seconds, quiet };
}
