/**
 * Replication between processes, over loopback, ours and Redis' in every pairing: a full sync of 1
 * million keys (16 + 64 bytes) and who waits for it, propagation to two replica processes, and the
 * way back after a cut.
 */
import { type Comparison, type Pair, compare } from '../src/lab/stats.js';
import { LatencyProbe, type Latency } from './latency-probe.js';
import { keyName, loadKeys } from './loader.js';
import { type BenchOptions, type Section, digits, scaled, section } from './section.js';
import { TcpGroup } from './tcp-group.js';
import { type WireKind, WireServer } from './wire-server.js';

const KEYS = 1_000_000;
const SIZE = 64;
const PIPELINE = 100;
const REQUESTS = 1_000_000;

interface Sync extends Latency {
  readonly ms: number;
  /** The most that the master held during it, over what it held before. */
  readonly growth: number;
}

export async function wire(options: BenchOptions): Promise<Section> {
  const title = 'Over the wire: replication between processes';
  if (!options.hasRedis) {
    return section(title, { notes: ['Not run: redis-server is missing.'] });
  }
  return section(title, {
    comparisons: [
      ...(await fullSyncs(options)),
      await propagation(options),
      ...(await reconnections(options)),
    ],
  });
}

/** Every pairing of masters and replicas, in turn. */
const PAIRINGS: readonly (readonly [WireKind, WireKind])[] = [
  ['redis', 'redis'],
  ['ours', 'ours'],
  ['ours', 'redis'],
  ['redis', 'ours'],
];

async function fullSyncs(options: BenchOptions): Promise<Comparison[]> {
  const keys = options.keys ?? scaled(KEYS, options);
  await using masters = await both();
  await using replicas = await both();
  for (const kind of ['ours', 'redis'] as const) {
    options.progress(`${kind}: loading ${digits(keys)} keys`);
    await loadKeys(masters[kind].port, { count: keys, size: SIZE });
  }
  const runs: Record<string, Sync>[] = [];
  for (let i = 0; i < options.pairs; i += 1) {
    const run: Record<string, Sync> = {};
    for (const [from, to] of PAIRINGS) {
      const sync = await syncOnce(masters[from], replicas[to], keys);
      run[`${from}→${to}`] = sync;
      options.progress(
        `${from}→${to}: ${digits(sync.ms)} ms, master's longest ${digits(sync.maxMs)} ms, memory × ${digits(sync.growth)}`,
      );
    }
    runs.push(run);
  }
  const line = (name: string, pairing: string, unit: string, figure: (sync: Sync) => number) =>
    compare(
      name,
      unit,
      runs.map((run) => ({ ours: figure(run[pairing]!), peer: figure(run['redis→redis']!) })),
    );
  return [
    ...PAIRINGS.slice(1).map(([from, to]) =>
      line(`full sync ${from}→${to}`, `${from}→${to}`, 'ms', ({ ms }) => ms),
    ),
    line("ours→ours: master's longest answer", 'ours→ours', 'ms', ({ maxMs }) => maxMs),
    line("ours→ours: master's memory", 'ours→ours', '× before', ({ growth }) => growth),
  ];
}

async function syncOnce(master: WireServer, replica: WireServer, keys: number): Promise<Sync> {
  await replica.leave();
  const before = master.residentBytes();
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, master.residentBytes());
  }, 10);
  const probe = await LatencyProbe.connect(master.port, keyName(0));
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

/** SETs until two replica processes have applied them. */
async function propagation(options: BenchOptions): Promise<Comparison> {
  const name = `SET to 2 replica processes, pipeline ${PIPELINE}`;
  const load = {
    test: 'set',
    requests: scaled(REQUESTS, options),
    pipeline: PIPELINE,
    keys: scaled(100_000, options),
    size: SIZE,
  };
  await using ours = await trio('ours');
  await using redis = await trio('redis');
  const pairs: Pair[] = [];
  for (let i = 0; i < options.pairs; i += 1) {
    const pair = {
      ours: await ours.group.propagate(load),
      peer: await redis.group.propagate(load),
    };
    pairs.push(pair);
    options.progress(`${name}: ours ${digits(pair.ours)}/s, redis ${digits(pair.peer)}/s`);
  }
  return compare(name, 'commands/s', pairs);
}

/** From the moment a link is cut until the partial resync is done. */
async function reconnections(options: BenchOptions): Promise<Comparison[]> {
  await using masters = await both();
  await using replicas = await both();
  const pairs: Pair[] = [];
  for (const kind of ['ours', 'redis'] as const) {
    await replicas[kind].follow(masters[kind]);
    await replicas[kind].linkIsUp();
  }
  for (let i = 0; i < options.pairs * 3; i += 1) {
    const [ours, peer] = [
      await cutOnce(masters, replicas, 'ours'),
      await cutOnce(masters, replicas, 'redis'),
    ];
    pairs.push({ ours, peer });
  }
  return [compare('partial resync after a cut', 'ms', pairs)];
}

async function cutOnce(masters: Both, replicas: Both, kind: WireKind): Promise<number> {
  const [master, replica] = [masters[kind], replicas[kind]];
  const before = await partialSyncs(master);
  const begin = performance.now();
  await master.client.call('CLIENT', 'KILL', 'TYPE', 'replica');
  while ((await partialSyncs(master)) === before);
  await replica.linkIsUp();
  return performance.now() - begin;
}

async function partialSyncs({ client }: WireServer): Promise<number> {
  return Number(/sync_partial_ok:(\d+)/.exec(await client.info('stats'))?.[1]);
}

interface Both extends Record<WireKind, WireServer>, AsyncDisposable {}

/** One server of each kind. */
async function both(): Promise<Both> {
  const [ours, redis] = [await WireServer.start('ours'), await WireServer.start('redis')];
  return {
    ours,
    redis,
    async [Symbol.asyncDispose]() {
      await ours[Symbol.asyncDispose]();
      await redis[Symbol.asyncDispose]();
    },
  };
}

/** A master and two replicas of one kind, a process each. */
async function trio(kind: WireKind): Promise<AsyncDisposable & { readonly group: TcpGroup }> {
  const servers = [
    await WireServer.start(kind),
    await WireServer.start(kind),
    await WireServer.start(kind),
  ];
  for (const replica of servers.slice(1)) await replica.follow(servers[0]!);
  const group = new TcpGroup(servers.map(({ port }) => port));
  await group.ready();
  return {
    group,
    async [Symbol.asyncDispose]() {
      group.close();
      for (const server of servers) await server[Symbol.asyncDispose]();
    },
  };
}
