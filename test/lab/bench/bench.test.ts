/**
 * `bench()` end to end, briefly: the figures mean nothing, but that they are there, and add up,
 * does.
 */
import test from 'ava';
import { bench, type BenchPlan } from '../../../src/lab/bench/bench.js';
import { longestSilence, parseFault } from '../../../src/lab/bench/failover.js';
import { redisBenchmarkLacks } from '../../../src/lab/bench/redis-benchmark.js';
import { benchReport } from '../../../src/lab/bench/result-report.js';
import type { Run } from '../../../src/lab/bench/result.js';
import { renderText } from '../../../src/report/terminal.js';
import { RealServers } from '../../../src/lab/bench/real-servers.js';
import { RealSystem, untilReady } from '../../../src/lab/bench/real-system.js';
import { runLoad } from '../../../src/lab/bench/run.js';
import { testWith } from '../../support/real-redis.js';

const PLAN: BenchPlan = {
  load: {
    mix: [{ command: 'set', weight: 1 }],
    size: { min: 16, max: 16 },
    distribution: { type: 'uniform' },
    keys: 1000,
    prefix: 'key:',
  },
  replicas: 1,
  vias: ['process'],
  pipelines: [10],
  clients: 2,
  rate: null,
  durationMs: 200,
  runs: 1,
  driver: 'auto',
  against: null,
  fault: null,
  engine: 'threads',
  stages: false,
  seed: 1,
  say: () => {},
};

function check(t: { true(value: boolean, why?: string): void }, run: Run, replicas: number): void {
  t.true(run.commands > 0 && run.refused === 0);
  t.true(run.accepted >= run.applied && run.applied > 0);
  t.true(run.bytesPerSecond > run.applied * 16, 'a command is longer than its value');
  t.true(run.latency.length === replicas);
  for (const latency of run.latency) {
    t.true(latency.count > 0 && latency.p50 <= latency.p99 && latency.p99 <= latency.max);
    // Applied everywhere comes after answered: the fastest cannot be faster than nothing.
    t.true(latency.p50 > 0);
  }
  t.true(run.lag.bytes.length === replicas && run.lag.seconds.length > 0);
}

test.serial('in the process and over TCP, with our own driver', async (t) => {
  const { contests } = await bench({ ...PLAN, vias: ['process', 'tcp'], replicas: 2 });
  t.deepEqual(
    contests.map(({ ours }) => [ours.via, ours.driver]),
    [
      ['process', 'own'],
      ['tcp', 'own'],
    ],
  );
  for (const { ours } of contests) {
    check(t, ours.runs[0]!, 2);
    t.true(ours.runs[0]!.response!.count * 10 === ours.runs[0]!.commands);
  }
});

test.serial('a rate is kept, and what was to be sent counts', async (t) => {
  const { contests } = await bench({ ...PLAN, rate: 2000, durationMs: 500 });
  const [run] = contests[0]!.ours.runs;
  // A busy machine answers late, or goes on a little longer; but no more than were due in its time.
  const { commands, accepted } = run!;
  const due = 2000 * (commands / accepted) + PLAN.pipelines![0]!;
  t.true(commands > 100 && commands <= due, `${commands} of ${due}`);
});

testWith('redis-server')('beside a real server, in turn, as ratios', async (t) => {
  const result = await bench({
    ...PLAN,
    vias: ['tcp'],
    driver: 'own',
    against: { type: 'program', program: 'redis-server' },
  });
  const { ours, peer, ratios } = result.contests[0]!;
  check(t, ours.runs[0]!, 1);
  check(t, peer!.runs[0]!, 1);
  t.is(ratios.length, 1);
  t.is(ratios[0], ours.runs[0]!.applied / peer!.runs[0]!.applied);
  t.regex(peer!.name, /^redis-server \d/);
  t.regex(renderText(benchReport(result)), /redis-server .*TCP, pipeline 10/);
});

test('a server that is not there is named', async (t) => {
  const against = { type: 'server', host: '127.0.0.1', port: 1, flush: false } as const;
  await t.throwsAsync(bench({ ...PLAN, against }), {
    code: 'CONNECTION_LOST',
    message: /127\.0\.0\.1:1/,
  });
  const program = { type: 'program', program: 'no-such-server' } as const;
  await t.throwsAsync(bench({ ...PLAN, against: program }), {
    message: /no-such-server.*installed/,
  });
});

const LEFTOVERS = { flush: false, prefix: 'key:', keys: 1000 };
const RUN = { load: PLAN.load, via: 'tcp', clients: 2, pipeline: 10, rate: null, seed: 1 } as const;

testWith('redis-server')('a server that is killed or stopped ends the run', async (t) => {
  for (const [driver, signal] of [
    ['own', 'SIGKILL'],
    ['redis-benchmark', 'SIGKILL'],
    ['own', 'SIGSTOP'],
    ['redis-benchmark', 'SIGSTOP'],
  ] as const) {
    await using servers = await RealServers.start('redis-server', 0);
    const [port] = servers.ports;
    for (const asker of await untilReady(servers.ports)) asker.close();
    const patience = signal === 'SIGSTOP' ? { silentMs: 3000 } : {};
    await using system = await RealSystem.connect('127.0.0.1', port!, LEFTOVERS, patience);
    setTimeout(() => servers.signal(signal), 300);
    const run = runLoad(system, { ...RUN, driver, durationMs: 60_000 });
    const why = `${driver} ${signal}`;
    const error = await t.throwsAsync(run, { code: 'CONNECTION_LOST' }, why);
    t.true(error?.message.startsWith(`cannot reach 127.0.0.1:${port}: `), why);
  }
});

testWith('redis-server')('what was run before the server went is kept', async (t) => {
  await using servers = await RealServers.start('redis-server', 0);
  const [port] = servers.ports;
  for (const asker of await untilReady(servers.ports)) asker.close();
  const result = await bench({
    ...PLAN,
    vias: ['tcp', 'process'],
    against: { type: 'server', host: '127.0.0.1', port: port!, flush: false },
    say: (text) => void (text.endsWith(`: 127.0.0.1:${port}`) && servers.signal('SIGKILL')),
  });
  t.regex(result.lost ?? '', new RegExp(`^cannot reach 127\\.0\\.0\\.1:${port}: `));
  const [held, ...others] = result.contests;
  t.is(held!.ours.runs.length, 1);
  t.is(held!.peer, null);
  t.deepEqual(others, []);
});

test('redis-benchmark is not asked for what it cannot do', async (t) => {
  const { load } = PLAN;
  t.is(redisBenchmarkLacks(load, null), null);
  t.regex(redisBenchmarkLacks(load, 5)!, /rate/);
  t.regex(redisBenchmarkLacks({ ...load, size: { min: 1, max: 2 } }, null)!, /size/);
  t.regex(
    redisBenchmarkLacks({ ...load, distribution: { type: 'zipf', theta: 1 } }, null)!,
    /keys/,
  );
  await t.throwsAsync(bench({ ...PLAN, driver: 'redis-benchmark', rate: 5 }), {
    code: 'CONFIG_INVALID',
    message: /--driver redis-benchmark: it cannot keep a rate/,
  });
});

test('the longest silence touches the fault', (t) => {
  const samples = [1, 2, 3, 4, 5, 6].map((seconds) => ({ seconds, answered: 1 }));
  t.is(longestSilence(samples, 2), 0);
  const silent = samples.map((each) => ({ ...each, answered: each.seconds % 5 < 3 ? 0 : 1 }));
  t.is(longestSilence(silent, 3), 2); // From 4 to 6: what was silent before 3 does not touch it.
  t.is(longestSilence([], 0), 0);
});

test('faults have names', (t) => {
  t.is(parseFault('oom'), 'oom');
  t.throws(() => parseFault('flood'), { message: /kill, freeze.*got 'flood'/ });
});
