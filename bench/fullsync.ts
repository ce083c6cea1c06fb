/**
 * A full sync of 1 million keys (16 + 64 bytes): from REPLICAOF until the replica's link is up with
 * all of them, and the latency of a client of the master meanwhile.
 *
 * Ours are two nodes of one process; Redis are two servers over loopback, without a file in between
 * on either side. Both are asked over TCP. Before each run the replica leaves and flushes itself,
 * so that no partial sync is possible and it is empty, as a new one is.
 */
import type { Redis } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from '../src/index.js';
import { LatencyProbe, type Latency } from './latency-probe.js';
import { keyName, loadKeys } from './loader.js';
import { RealRedis } from './real-redis.js';
import { type BenchOptions, type Section, digits, scaled, section } from './section.js';
import { compare } from '../src/lab/stats.js';
import { TcpGroup } from './tcp-group.js';

const KEYS = 1_000_000;
const SIZE = 64;
const DISKLESS = ['--repl-diskless-sync', 'yes', '--repl-diskless-load', 'swapdb'];

export interface Sync extends Latency {
  readonly seconds: number;
}

export async function fullsync(options: BenchOptions): Promise<Section> {
  const keys = options.keys ?? scaled(KEYS, options);
  await using cluster = await Cluster.start({ replicas: 1, sentinels: 0 });
  const ours = new TcpGroup(cluster.nodes().map(({ port }) => port));
  try {
    await using redis = options.hasRedis ? await RealRedis.start(1, DISKLESS) : null;
    const groups = redis === null ? [ours] : [ours, redis.group];
    for (const group of groups) {
      options.progress(`${group === ours ? 'ours' : 'redis'}: loading ${digits(keys)} keys`);
      await loadKeys(group.ports[0]!, { count: keys, size: SIZE });
      await group.applied();
    }
    const runs: Sync[][] = [];
    for (let i = 0; i < options.pairs; i += 1) {
      const run: Sync[] = [];
      for (const group of groups) run.push(await syncOnce(group, keys));
      runs.push(run);
      options.progress(run.map(describe).join('; redis: '));
    }
    return report(keys, runs);
  } finally {
    ours.close();
  }
}

function describe({ seconds, p99Ms, maxMs }: Sync): string {
  const sync = `${digits(seconds * 1000)} ms`;
  return `${sync}, master's p99 ${digits(p99Ms)} ms, longest ${digits(maxMs)} ms`;
}

function report(keys: number, runs: readonly Sync[][]): Section {
  const line = (name: string, figure: (sync: Sync) => number) =>
    compare(
      name,
      'ms',
      runs.map(([ours, peer]) => ({
        ours: figure(ours!),
        peer: peer === undefined ? null : figure(peer),
      })),
    );
  return section(`Full sync of ${digits(keys)} keys of 16 bytes, values of ${SIZE}`, {
    comparisons: [
      line('until online', ({ seconds }) => seconds * 1000),
      line("master's latency meanwhile: p50", ({ p50Ms }) => p50Ms),
      line("master's latency meanwhile: p99", ({ p99Ms }) => p99Ms),
      line("master's latency meanwhile: longest", ({ maxMs }) => maxMs),
    ],
  });
}

/** @throws Error: the replica has not as many keys afterwards. */
export async function syncOnce({ ports, clients }: TcpGroup, keys: number): Promise<Sync> {
  const [, replica] = clients;
  await replica!.replicaof('NO', 'ONE');
  await replica!.flushall();
  const probe = await LatencyProbe.connect(ports[0]!, ['GET', keyName(0)]);
  probe.start();
  const begin = performance.now();
  await replica!.replicaof('127.0.0.1', ports[0]!);
  await linkIsUp(replica!);
  const seconds = (performance.now() - begin) / 1000;
  const latency = await probe.stop();
  const stored = await replica!.dbsize();
  if (stored !== keys) throw new Error(`the replica has ${stored} of ${keys} keys`);
  return { ...latency, seconds };
}

async function linkIsUp(replica: Redis): Promise<void> {
  while (!/^master_link_status:up/m.test(await replica.info('replication'))) await sleep(1);
}
