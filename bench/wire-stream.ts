/** Propagation to two replica processes, and the way back after a cut. */
import { type Comparison, type Pair, compare } from '../src/lab/stats.js';
import { type BenchOptions, digits, scaled } from './section.js';
import { TcpGroup } from './tcp-group.js';
import { type Both, both, type WireKind, WireServer } from './wire-server.js';

const SIZE = 64;
const PIPELINE = 100;
const REQUESTS = 1_000_000;

/** SETs until two replica processes have applied them. */
export async function propagation(options: BenchOptions): Promise<Comparison[]> {
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
  return [compare(name, 'commands/s', pairs)];
}

/** From the moment a link is cut until the partial resync is done. */
export async function reconnections(options: BenchOptions): Promise<Comparison[]> {
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
  const before = await master.figure('stats', 'sync_partial_ok');
  const begin = performance.now();
  await master.client.call('CLIENT', 'KILL', 'TYPE', 'replica');
  while ((await master.figure('stats', 'sync_partial_ok')) === before);
  await replica.linkIsUp();
  return performance.now() - begin;
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
