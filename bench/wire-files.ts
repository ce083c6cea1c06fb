/** What files cost a process: BGSAVE of 1 million keys, and an append-only file under SETs. */
import { setTimeout as sleep } from 'node:timers/promises';

import { type Comparison, type Pair, compare } from '../src/lab/stats.js';
import { LatencyProbe } from './latency-probe.js';
import { keyName, loadKeys } from './loader.js';
import { type BenchOptions, digits, scaled } from './section.js';
import { TcpGroup } from './tcp-group.js';
import { both, type WireKind, type WireServer } from './wire-server.js';

const KEYS = 1_000_000;
const SIZE = 64;
const PIPELINES = [1, 16, 100];
const REQUESTS = 2_000_000;

interface Save {
  readonly ms: number;
  readonly maxMs: number;
}

export async function bgsave(options: BenchOptions): Promise<Comparison[]> {
  const keys = options.keys ?? scaled(KEYS, options);
  await using servers = await both();
  for (const kind of ['ours', 'redis'] as const) {
    await loadKeys(servers[kind].port, { count: keys, size: SIZE });
  }
  const runs: Record<WireKind, Save>[] = [];
  for (let i = 0; i < options.pairs; i += 1) {
    const run = { ours: await saveOnce(servers.ours), redis: await saveOnce(servers.redis) };
    options.progress(
      `BGSAVE: ours ${digits(run.ours.ms)} ms, longest SET ${digits(run.ours.maxMs)} ms; redis ${digits(run.redis.ms)} ms, ${digits(run.redis.maxMs)} ms`,
    );
    runs.push(run);
  }
  const line = (label: string, figure: (save: Save) => number): Comparison =>
    compare(
      `BGSAVE of ${digits(keys)} keys: ${label}`,
      'ms',
      runs.map(({ ours, redis }) => ({ ours: figure(ours), peer: figure(redis) })),
    );
  return [line('until done', ({ ms }) => ms), line('longest SET', ({ maxMs }) => maxMs)];
}

async function saveOnce(server: WireServer): Promise<Save> {
  const probe = await LatencyProbe.connect(server.port, ['SET', keyName(0), 'x'.repeat(SIZE)]);
  probe.start();
  const before = await server.figure('persistence', 'rdb_saves');
  const begin = performance.now();
  await server.client.bgsave();
  while ((await server.figure('persistence', 'rdb_bgsave_in_progress')) !== 0) await sleep(1);
  const ms = performance.now() - begin;
  const { maxMs } = await probe.stop();
  if ((await server.figure('persistence', 'rdb_saves')) !== before + 1) {
    throw new Error('BGSAVE failed');
  }
  return { ms, maxMs };
}

/** SETs with an append-only file, as a share of those without one. */
export async function everysec(options: BenchOptions): Promise<Comparison[]> {
  await using plain = await both();
  const flags = ['--appendonly', 'yes', '--auto-aof-rewrite-percentage', '0'];
  await using logged = await both(...flags);
  const comparisons: Comparison[] = [];
  for (const pipeline of PIPELINES) {
    const name = `SET with everysec, of SET without, pipeline ${pipeline}`;
    const pairs: Pair[] = [];
    for (let i = 0; i < options.pairs; i += 1) {
      const share = async (kind: WireKind): Promise<number> => {
        const without = await throughput(plain[kind], pipeline, options);
        const withFile = await throughput(logged[kind], pipeline, options);
        options.progress(
          `${kind}, pipeline ${pipeline}: ${digits(without)}/s, with everysec ${digits(withFile)}/s`,
        );
        return withFile / without;
      };
      pairs.push({ ours: await share('ours'), peer: await share('redis') });
    }
    comparisons.push(compare(name, '×', pairs));
  }
  return comparisons;
}

async function throughput(
  { port }: WireServer,
  pipeline: number,
  options: BenchOptions,
): Promise<number> {
  const group = new TcpGroup([port]);
  const requests = scaled(pipeline === 1 ? REQUESTS / 10 : REQUESTS, options);
  const keys = scaled(100_000, options);
  const perSecond = await group.propagate({ test: 'set', requests, pipeline, keys, size: SIZE });
  group.close();
  return perSecond;
}
