/**
 * LATENCY DOCTOR and LATENCY GRAPH: the latency monitor's samples, for people.
 *
 * @see redis/redis 7.0.15 src/latency.c, createLatencyReport(); src/sparkline.c
 */
import type { Config } from '../../config/config.js';
import type { LatencySample, LatencySeries } from '../node/observation.js';

/** @returns the report, in lines. */
export function doctorReport(
  series: ReadonlyMap<string, LatencySeries>,
  config: Config,
  unixSeconds: number,
): string {
  const thresholdMs = config.latencyMonitorThreshold.value;
  if (series.size === 0) {
    return thresholdMs === 0
      ? 'Latency monitoring is off, so there is nothing to report. Turn it on with "CONFIG SET latency-monitor-threshold <milliseconds>".\n'
      : 'No latency spike was observed so far.\n';
  }
  const findings = [...series].map(
    ([event, { samples, max }], index) =>
      `${index + 1}. ${event}: ${describe(samples, unixSeconds)} Worst all time event ${max}ms.\n`,
  );
  const advice = new Set([...series.keys()].flatMap((event) => adviceFor(event, config)));
  return [
    'Latency spikes were observed in this instance.\n\n',
    ...findings,
    '\nWhat may help:\n\n',
    ...[...advice].map((line) => `- ${line}\n`),
  ].join('');
}

function describe(samples: readonly LatencySample[], unixSeconds: number): string {
  const count = samples.length;
  const average = Math.floor(samples.reduce((sum, { latency }) => sum + latency, 0) / count);
  const deviation = Math.floor(
    samples.reduce((sum, { latency }) => sum + Math.abs(average - latency), 0) / count,
  );
  const oldest = samples[0]?.time ?? unixSeconds;
  const period = Math.max(1, unixSeconds - oldest) / count;
  return `${count} latency spikes (average ${average}ms, mean deviation ${deviation}ms, period ${period.toFixed(2)} sec).`;
}

function adviceFor(event: string, { slowlogLogSlowerThan, latencyMonitorThreshold }: Config) {
  const thresholdMicros = latencyMonitorThreshold.value * 1000;
  const largeValues =
    'Deleting, expiring or evicting a large value takes long, and everybody waits. Keep large values in several keys.';
  switch (event) {
    case 'command': {
      const advice = [
        'Look into the slow log (SLOWLOG GET) for the commands that were slow.',
        largeValues,
      ];
      const setting = slowlogLogSlowerThan.value;
      if (setting >= 0 && setting <= thresholdMicros) return advice;
      const command = `CONFIG SET slowlog-log-slower-than ${thresholdMicros}`;
      return [
        setting < 0
          ? `The slow log is off. Turn it on with "${command}".`
          : `The slow log does not have all of these commands. It would with "${command}".`,
        ...advice,
      ];
    }
    case 'fast-command':
      return [
        'Commands that take no time took long: the machine did not give this thread its time. Lower the load of the machine, and look for neighbours on it; "redis-cli --intrinsic-latency 100" tells what the machine itself adds.',
      ];
    case 'expire-cycle':
      return [largeValues];
    case 'eviction-cycle':
      return [
        'Lowering maxmemory at once, or storing very large values, makes many keys go at a time. Do it in steps.',
      ];
    default:
      return ['There is no easy remedy for this event.'];
  }
}

const COLUMNS = 80;
const ROWS = 4;
/** From the lowest to the highest step within a row. */
const STEPS = '_o#';

/** @returns the samples as columns of characters, labelled with their age. */
export function graph(event: string, { samples, max }: LatencySeries, unixSeconds: number): string {
  const latencies = samples.map(({ latency }) => latency);
  const high = Math.max(...latencies);
  const low = Math.min(...latencies);
  const head = `${event} - high ${high} ms, low ${low} ms (all time high ${max} ms)\n`;
  const parts: string[] = [];
  for (let at = 0; at < samples.length; at += COLUMNS) {
    parts.push(sparkline(samples.slice(at, at + COLUMNS), low, high, unixSeconds));
  }
  return `${head}${'-'.repeat(COLUMNS)}\n${parts.join('\n')}`;
}

function sparkline(
  samples: readonly LatencySample[],
  low: number,
  high: number,
  unixSeconds: number,
): string {
  const steps = STEPS.length * ROWS;
  const range = Math.max(1, high - low);
  const heights = samples.map(({ latency }) =>
    Math.min(steps - 1, Math.floor(((latency - low) * steps) / range)),
  );
  const lines: string[] = [];
  for (let row = ROWS - 1; row >= 0; row--) {
    const bottom = row * STEPS.length;
    lines.push(
      heights.map((height) => STEPS[height - bottom] ?? (height >= bottom ? '|' : ' ')).join(''),
    );
  }
  lines.push(' '.repeat(samples.length));
  const labels = samples.map(({ time }) => age(unixSeconds - time));
  const longest = Math.max(...labels.map(({ length }) => length));
  for (let i = 0; i < longest; i++) lines.push(labels.map((label) => label[i] ?? ' ').join(''));
  return lines.map((line) => `${line}\n`).join('');
}

function age(seconds: number): string {
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}
