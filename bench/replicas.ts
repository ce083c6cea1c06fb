/**
 * What replicas cost the master: its thread's CPU time per command with 1 and with 16 of them in
 * the process, and what they cost real Redis' master process over TCP.
 *
 * The replicas' own work is not in it, nor is waiting for a core: the kernel counts the time that
 * the master's thread was on one.
 */
import { InProcess } from './in-process.js';
import { RealRedis } from './real-redis.js';
import { type BenchOptions, type Section, digits, scaled, section } from './section.js';
import { type Pair, compare } from '../src/lab/stats.js';

const FEW = 1;
const MANY = 16;
const COMMANDS = 1_000_000;
/** Redis' master writes to sixteen sockets: it takes long. */
const PEER_COMMANDS = 200_000;
const LOAD = { keys: 100_000, size: 64, commandsPerBatch: 1000, batches: 100 };

/** @param many - how many replicas the second cluster has. */
export async function replicas(options: BenchOptions, many = MANY): Promise<Section> {
  const sides = [`${many} replicas`, `${FEW} replica`] as const;
  const title = "The master's CPU time per SET, by replicas";
  const ours = await inProcess(options, many);
  if (ours === null) {
    return section(title, {
      notes: ['Not measured: this system does not tell the CPU time of a thread (Linux does).'],
    });
  }
  const comparisons = [compare('ours, in the process', 'ns', ours, sides)];
  if (options.hasRedis) {
    comparisons.push(
      compare('redis, over TCP, pipeline 100', 'ns', await overTcp(options, many), sides),
    );
  }
  return section(title, { comparisons });
}

/** @returns null: threads cannot be told apart here. */
async function inProcess(options: BenchOptions, count: number): Promise<Pair[] | null> {
  // Less backlog than elsewhere: there are many rings.
  await using few = await InProcess.start(FEW, '16mb');
  await using many = await InProcess.start(count, '16mb');
  for (const cluster of [few, many]) await cluster.propagate(LOAD, LOAD.keys); // Warm up.
  const pairs: Pair[] = [];
  for (let i = 0; i < options.pairs; i += 1) {
    const ours = await nsPerCommand(many, options);
    const peer = await nsPerCommand(few, options);
    if (ours === null || peer === null) return null;
    pairs.push({ ours, peer });
    options.progress(`${digits(ours)} ns with ${count}, ${digits(peer)} ns with ${FEW}`);
  }
  return pairs;
}

async function nsPerCommand(cluster: InProcess, options: BenchOptions): Promise<number | null> {
  const commands = scaled(COMMANDS, options);
  const before = await cluster.masterCpuSeconds();
  await cluster.propagate(LOAD, commands);
  const after = await cluster.masterCpuSeconds();
  return before === null || after === null ? null : ((after - before) * 1e9) / commands;
}

async function overTcp(options: BenchOptions, count: number): Promise<Pair[]> {
  await using few = await RealRedis.start(FEW);
  await using many = await RealRedis.start(count);
  const pairs: Pair[] = [];
  for (let i = 0; i < options.pairs; i += 1) {
    pairs.push({ ours: await peerNs(many, options), peer: await peerNs(few, options) });
    const { ours, peer } = pairs.at(-1)!;
    options.progress(
      `redis: ${digits(ours)} ns with ${count}, ${digits(peer ?? 0)} ns with ${FEW}`,
    );
  }
  return pairs;
}

async function peerNs({ group }: RealRedis, options: BenchOptions): Promise<number> {
  const requests = scaled(PEER_COMMANDS, options);
  const cpuSeconds = async (): Promise<number> =>
    (await group.masterInfo('cpu', 'used_cpu_user')) +
    (await group.masterInfo('cpu', 'used_cpu_sys'));
  const before = await cpuSeconds();
  await group.propagate({ test: 'set', requests, pipeline: 100, keys: LOAD.keys, size: LOAD.size });
  return ((await cpuSeconds()) - before) * (1e9 / requests);
}
