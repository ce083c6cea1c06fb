/**
 * What a cluster costs that nothing is asked of: CPU time over ten seconds and resident memory, of
 * one process with six actors (a master, two replicas, three sentinels) and of six processes of
 * Redis.
 *
 * As the kernel counts it, so Linux only: utime + stime of /proc/PID/stat, VmRSS of
 * /proc/PID/status.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { RealServers } from '../src/lab/bench/real-servers.js';
import { compare, type Pair } from '../src/lab/stats.js';
import { type BenchOptions, type Section, scaled, section } from './section.js';

const REPLICAS = 2;
const SENTINELS = 3;
const WINDOW_MS = 10_000;
/** Until V8 has compiled what turns, sentinels have met and replicas follow. */
const SETTLE_MS = 30_000;
/** The package finds itself by its name here: what is measured is what applications load. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** A cluster, and nothing that uses it. Runs until it is killed. */
const PROGRAM = `
  import { Cluster } from 'ringleader';
  const cluster = await Cluster.start({ replicas: ${REPLICAS}, sentinels: ${SENTINELS} });
  console.log(cluster.url);
`;
/** USER_HZ, which is 100 on every Linux that Node runs on. */
const TICK_MS = 10;

export async function idle(options: BenchOptions): Promise<Section> {
  const title = 'Idle: a master, two replicas and three sentinels';
  if (!existsSync('/proc/self/stat')) return section(title, { notes: ['Not run: Linux only.'] });
  const cpu: Pair[] = [];
  const memory: Pair[] = [];
  for (let pair = 0; pair < options.pairs; pair += 1) {
    options.progress(`pair ${pair + 1} of ${options.pairs}`);
    const ours = await ofOurs(options);
    const peer = options.hasRedis ? await ofRedis(options) : null;
    cpu.push({ ours: ours.cpuPercent, peer: peer?.cpuPercent ?? null });
    memory.push({ ours: ours.residentMb, peer: peer?.residentMb ?? null });
  }
  return section(title, {
    comparisons: [compare('CPU', '% of a core', cpu), compare('resident memory', 'MB', memory)],
    notes: ['Ours: one process, Node itself included. Redis: the sum of six processes.'],
  });
}

interface Cost {
  readonly cpuPercent: number;
  readonly residentMb: number;
}

async function ofOurs(options: BenchOptions): Promise<Cost> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await new Promise((resolve) => child.stdout.once('data', resolve)); // It is ready.
    return await measure([child], options);
  } finally {
    await ended(child);
  }
}

async function ofRedis(options: BenchOptions): Promise<Cost> {
  await using servers = await RealServers.start('redis-server', REPLICAS);
  const folder = mkdtempSync(path.join(tmpdir(), 'ringleader-idle-'));
  const [master] = servers.ports;
  const sentinels = Array.from({ length: SENTINELS }, (_, i) => {
    const file = path.join(folder, `${i}.conf`);
    // Port 0 will do: what sentinels tell each other goes through the master all the same.
    writeFileSync(file, `port ${master! + 10_000 + i}\nsentinel monitor m 127.0.0.1 ${master} 2\n`);
    return spawn('redis-server', [file, '--sentinel'], { stdio: 'ignore' });
  });
  try {
    return await measure([...servers.processes, ...sentinels], options);
  } finally {
    await Promise.all(sentinels.map(ended));
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(children: readonly ChildProcess[], options: BenchOptions): Promise<Cost> {
  await sleep(scaled(SETTLE_MS, options));
  const pids = children.map(({ pid }) => pid!);
  const before = sum(pids.map(cpuMs));
  const begin = performance.now();
  await sleep(scaled(WINDOW_MS, options));
  const elapsedMs = performance.now() - begin;
  return {
    cpuPercent: ((sum(pids.map(cpuMs)) - before) / elapsedMs) * 100,
    residentMb: sum(pids.map(residentMb)),
  };
}

/** On a CPU so far, all threads. */
function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The program's name stands in parentheses and may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

function residentMb(pid: number): number {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

async function ended(child: ChildProcess): Promise<void> {
  const exit = new Promise((resolve) => child.once('exit', resolve));
  if (child.exitCode !== null || !child.kill('SIGKILL')) return;
  await exit;
}
