/** A benchmark's results as a report: tables of rates and latencies, plots over time. */
import { withUnit } from '../../report/number.js';
import type { Plot, Report, Section } from '../../report/report.js';
import type { Stages } from '../stages.js';
import { median } from '../stats.js';
import type { FailoverResult } from './failover.js';
import type { Contest, Latency, Run, SystemResult } from './result.js';

export interface BenchResult {
  readonly title: string;
  /** What it was measured on, in sentences. */
  readonly environment: string;
  readonly contests: readonly Contest[];
  readonly stages: Stages | null;
  /** Bytes/s that a memcpy gets into a ring and out of it. */
  readonly raw: { readonly inBytesPerSecond: number; readonly outBytesPerSecond: number } | null;
  readonly failover: FailoverResult | null;
  /** Why the server beside ours could no longer be measured; null: it could. */
  readonly lost: string | null;
}

export function benchReport(result: BenchResult): Report {
  const { title, environment, contests, stages, raw, failover } = result;
  const sections: Section[] = [];
  if (contests.length > 0) sections.push(rates(contests, raw), latencies(contests));
  const longest = Math.max(0, ...contests.flatMap(lagSeconds));
  sections.push(...contests.flatMap((contest) => plots(contest, longest)));
  const cpu = cpuSection(contests);
  if (cpu !== null) sections.push(cpu);
  if (stages !== null) sections.push(stagesSection(stages));
  if (failover !== null) sections.push(...failoverSections(failover));
  return { title, intro: environment, sections };
}

function viaOf({ via }: SystemResult): string {
  return via === 'process' ? 'in process' : 'TCP';
}

function middle(runs: readonly Run[], of: (run: Run) => number): number {
  return median(runs.map(of));
}

function rates(contests: readonly Contest[], raw: BenchResult['raw']): Section {
  const hasPeer = contests.some(({ peer }) => peer !== null);
  const rows = contests.flatMap((contest) => {
    const { ours, peer, ratios } = contest;
    const range = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`;
    const ratio =
      ratios.length === 0
        ? '–'
        : `${median(ratios).toFixed(2)}${ratios.length > 1 ? ` (${range})` : ''}`;
    const lines = [[ours, ratio] as const, ...(peer === null ? [] : [[peer, '1'] as const])];
    return lines.map(([system, beside]) => rateRow(system, hasPeer ? [beside] : []));
  });
  const limit =
    raw === null
      ? ''
      : ` A bare memcpy in 1 mb batches gets ${withUnit(raw.inBytesPerSecond, 'bytes/s')} into a ring and ${withUnit(raw.outBytesPerSecond, 'bytes/s')} out of it.`;
  return {
    heading: 'Commands per second',
    text: `Accepted: answered by the master. Applied: the same commands, with the clock stopped when every replica has applied them. Medians of the runs; a ratio is the median of ours divided by the peer's, pair by pair (least–greatest).${limit}`,
    bars: {
      title: 'Applied on every replica',
      unit: '/s',
      bars: contests.flatMap(({ ours, peer }) =>
        [ours, ...(peer === null ? [] : [peer])].map((system, kind) => ({
          label: `${system.name}, ${viaOf(system)}, pipeline ${system.pipeline}`,
          value: middle(system.runs, ({ applied }) => applied),
          kind,
        })),
      ),
    },
    table: {
      head: ['', 'accepted', 'applied', 'stream', ...(hasPeer ? ['ratio'] : []), 'driver'],
      rows,
    },
  };
}

function rateRow(system: SystemResult, ratio: readonly string[]): string[] {
  const { runs } = system;
  return [
    `${system.name}, ${viaOf(system)}, pipeline ${system.pipeline}`,
    withUnit(
      middle(runs, ({ accepted }) => accepted),
      '/s',
    ),
    withUnit(
      middle(runs, ({ applied }) => applied),
      '/s',
    ),
    withUnit(
      middle(runs, ({ bytesPerSecond }) => bytesPerSecond),
      'bytes/s',
    ),
    ...ratio,
    system.driver,
  ];
}

const PERCENTILES = ['p50', 'p90', 'p99', 'p999', 'p9999', 'max'] as const;

function cells(latency: Latency): string[] {
  return PERCENTILES.map((name) => withUnit(latency[name], 'µs'));
}

/** Of the run in the middle by rate: percentiles of several runs cannot be averaged. */
function typicalRun(runs: readonly Run[]): Run {
  return runs.toSorted((a, b) => a.applied - b.applied)[runs.length >> 1]!;
}

function latencies(contests: readonly Contest[]): Section {
  const rows = contests.flatMap((contest) =>
    [contest.ours, contest.peer].flatMap((system) => {
      if (system === null) return [];
      const run = typicalRun(system.runs);
      const name = `${system.name}, ${viaOf(system)}, ${system.pipeline}`;
      return [
        ...(run.response === null ? [] : [[`${name}: answered`, ...cells(run.response)]]),
        ...run.latency.map((each) => [`${name}: applied on ${each.replica}`, ...cells(each)]),
      ];
    }),
  );
  return {
    heading: 'Latency',
    text: "From when a batch was sent (at a fixed rate: was to be sent) until it was answered, and until a replica's offset had reached it. Ours is read from shared memory: at a fixed rate the resolution is some 0.1 ms, under full load the time between two answers, and other clients' writes are waited for too. A real server is asked with INFO, one write at a time: the resolution is a round trip, and no figure is below two. Where redis-benchmark makes the load, a probe of 100 writes a second stands for it.",
    table: { head: ['', 'p50', 'p90', 'p99', 'p99.9', 'p99.99', 'max'], rows },
  };
}

function lagSeconds({ ours, peer }: Contest): number[] {
  return [ours, ...(peer === null ? [] : [peer])].map(
    ({ runs }) => typicalRun(runs).lag.seconds.at(-1) ?? 0,
  );
}

/** @param longest - s: all of them have one scale of time, to be compared. */
function plots(contest: Contest, longest: number): Section[] {
  return [contest.ours, contest.peer].flatMap((system) => {
    if (system === null || system.replicas.length === 0) return [];
    const { lag } = typicalRun(system.runs);
    const name = `${system.name}, ${viaOf(system)}, pipeline ${system.pipeline}`;
    const plot: Plot = {
      title: 'Bytes behind the master',
      x: { label: 'time', unit: 's', values: lag.seconds, range: [0, longest] },
      y: { label: 'behind the master' },
      series: lag.bytes.map((values, i) => ({ label: system.replicas[i]!, unit: 'bytes', values })),
    };
    return [{ heading: `Lag over time: ${name}`, plot }];
  });
}

function cpuSection(contests: readonly Contest[]): Section | null {
  const rows = contests.flatMap((contest) =>
    [contest.ours, contest.peer].flatMap((system) => {
      const cpu = system === null ? null : typicalRun(system.runs).cpu;
      if (system === null || cpu === null) return [];
      const name = `${system.name}, ${viaOf(system)}, ${system.pipeline}`;
      const replicas = cpu.slice(1);
      const mean = replicas.reduce((sum, each) => sum + each, 0) / Math.max(1, replicas.length);
      return [[name, withUnit(cpu[0]!, 'µs'), replicas.length === 0 ? '–' : withUnit(mean, 'µs')]];
    }),
  );
  if (rows.length === 0) return null;
  return {
    heading: 'CPU time per command',
    text: "Ours: of the node's thread, as the kernel counts it. A real server's: of its process, as it says itself.",
    table: { head: ['', 'master', 'a replica'], rows },
  };
}

function stagesSection(stages: Stages): Section {
  const { parse, executeSet, executeGet, append, copy, apply } = stages;
  const rows: [string, number][] = [
    ['parse, and answer', parse],
    ['execute GET', executeGet],
    ['execute SET', executeSet],
    ['append to the ring', append],
    ["copy out of the master's ring (replica)", copy],
    ['apply (replica)', apply],
  ];
  return {
    heading: 'Stages of a SET',
    text: 'One core of ours in one thread, without a socket: 64-byte values, 100,000 keys.',
    table: { head: ['', 'time'], rows: rows.map(([name, ns]) => [name, withUnit(ns, 'ns')]) },
  };
}

function failoverSections(result: FailoverResult): Section[] {
  const { samples, nodes, answered, refused, lost, switchedMs, silentMs, response, fault } = result;
  const markers = result.markers.map(({ seconds, label }) => ({ at: seconds, label }));
  const x = { label: 'time', unit: 's', values: samples.map(({ seconds }) => seconds) };
  const rate = (of: (i: number) => number): number[] =>
    samples.map(
      ({ seconds }, i) => of(i) / Math.max(0.001, seconds - (samples[i - 1]?.seconds ?? 0)),
    );
  const summary: Section = {
    heading: `Through a failover: ${fault}`,
    text: 'Refused: answered by an error, and not executed. Lost: sent and never answered; such a command may have been executed. Silent: the longest time around the fault in which nothing was answered.',
    table: {
      head: ['', ''],
      rows: [
        ['answered', String(answered)],
        ['refused', String(refused)],
        ['lost', String(lost)],
        ['another master after', switchedMs === null ? 'never' : withUnit(switchedMs, 'ms')],
        ['silent', withUnit(silentMs, 'ms')],
        ['answered within, p50', withUnit(response?.p50 ?? null, 'µs')],
        ['p99.9', withUnit(response?.p999 ?? null, 'µs')],
        ['max', withUnit(response?.max ?? null, 'µs')],
      ],
    },
  };
  const offsets: Section = {
    heading: 'Offsets',
    plot: {
      title: 'Replication offset of each node',
      x,
      y: { label: 'offset' },
      markers,
      series: nodes.map((label, i) => ({
        label,
        unit: 'bytes',
        values: samples.map((sample) => sample.offsets[i] ?? null),
      })),
    },
  };
  return [
    summary,
    {
      heading: 'Answers and errors',
      plot: {
        title: 'Commands per second, by their fate',
        x,
        y: { label: 'commands per second' },
        markers,
        series: [
          { label: 'answered', unit: '/s', values: rate((i) => samples[i]!.answered) },
          { label: 'refused', unit: '/s', values: rate((i) => samples[i]!.refused) },
          { label: 'lost', unit: '/s', values: rate((i) => samples[i]!.lost) },
        ],
      },
    },
    {
      heading: 'Latency',
      plot: {
        title: 'The slowest answer of each 20 ms, from its intended start',
        x,
        y: { label: 'slowest answer', scale: 'log' },
        markers,
        series: [
          { label: 'slowest', unit: 'ms', values: samples.map(({ slowestMs }) => slowestMs) },
        ],
      },
    },
    ...(nodes.length === 0 ? [] : [offsets]),
  ];
}
