/** A sizing as a report for people: the same sections for the terminal and for the page. */
import type { Report, Section } from '../../report/report.js';
import type { CurvePoint } from './curve.js';
import type { OutputLimit } from './output-buffer.js';
import { counted, formatSize } from '../../base/quantity.js';
import { percent, roundBytes, roundSeconds } from './quantities.js';
import type { BacklogSizing, SizeAnswer } from './sizing.js';

/** What stands in redis.conf for a sizing. */
export function configSnippet(sizing: BacklogSizing): string {
  const lines = [`repl-backlog-size ${formatSize(sizing.recommended.bytes)}`];
  const { outputBuffer } = sizing;
  if (outputBuffer !== null) {
    lines.push(`client-output-buffer-limit replica ${limitText(outputBuffer.limit)}`);
  }
  return lines.join('\n');
}

function limitText({ hardBytes, softBytes, softSeconds }: OutputLimit): string {
  return `${formatSize(hardBytes)} ${formatSize(softBytes)} ${softSeconds}`;
}

/** @param more - sections to stand behind the sizing's own, as those of a replay. */
export function sizingReport(sizing: BacklogSizing, more: readonly Section[] = []): Report {
  return {
    title: 'repl-backlog-size',
    intro: intro(sizing),
    sections: [
      { heading: 'Recommendation', code: configSnippet(sizing), text: recommendation(sizing) },
      sizes(sizing),
      ...fullSync(sizing),
      memory(sizing),
      ...more,
    ],
  };
}

function intro({ series, outages, reconnectSeconds, inFlightBytes }: BacklogSizing): string {
  const parts = [
    `${series.name}: ${series.samples.toLocaleString('en-US')} samples over ${roundSeconds(series.seconds)}, ${roundBytes(series.bytes)} written, ${roundBytes(series.meanRate)}/s on average.`,
    `Outages: ${outages.description}; ${roundSeconds(reconnectSeconds)} more until the replica asks${inFlightBytes > 0 ? `, ${roundBytes(inFlightBytes)} in flight when the link goes` : ''}.`,
  ];
  parts.push(...series.notes);
  if (series.restarts > 0) {
    parts.push(
      `The server was restarted ${counted(series.restarts, 'time')} within; no outage spans a restart.`,
    );
  }
  const { gaps } = series;
  if (gaps.count > 0) {
    parts.push(
      `${counted(gaps.count, 'gap')} in its samples, ${roundSeconds(gaps.seconds)} together, the longest of ${roundSeconds(gaps.longest)} before ${gaps.place}: left out, no outage spans one.`,
    );
  }
  if (outages.beyond > 0.0001) {
    const what =
      outages.beyond > 0.05 ? 'which is no measurement: record for longer' : 'at its rates';
    parts.push(
      `${percent(outages.beyond)} of the outages are longer than the series; they are extrapolated, ${what}.`,
    );
  }
  return parts.join('\n');
}

/** A difference between two sizes that is worth a sentence. */
const NOTABLE = 1.1;

function recommendation(sizing: BacklogSizing): string {
  const { recommended, smallest, sure, cautious, worst, target, outages, naive, current } = sizing;
  const lines = [
    `${formatSize(smallest.bytes)} is the smallest backlog with which at most ${percent(target)} of the outages in this series end in a full resync.`,
    `That this size keeps to it on another day of the same kind is ${percent(sizing.confidence)} sure: the series has room for ${count(outages.disjoint)} end to end.`,
  ];
  const surely = `To be careful: ${formatSize(cautious.bytes)}`;
  if (sure === null) {
    const needed = roundSeconds(neededSeconds(sizing));
    lines.push(
      `${surely}, more than was ever written during one. No size keeps to it with 97.5 % confidence: a series of ${needed} or more could tell.`,
    );
  } else if (cautious.bytes === recommended.bytes) {
    lines.push('To be careful, with 97.5 % confidence, no more is needed.');
  } else lines.push(`${surely}, which keeps to it with 97.5 % confidence.`);
  if (worst.bytes > recommended.bytes * NOTABLE) {
    lines.push(
      `The samples are far apart: if all that came between two of them came at one moment, it takes ${formatSize(worst.bytes)}. Sample more often to know.`,
    );
  }
  lines.push(
    judged('rate × time', naive),
    judged('repl-backlog-size as it is, or by default', current),
    largeValues(sizing),
  );
  return lines.join('\n');
}

function count(outages: number): string {
  if (outages < 1) return 'not even one outage';
  return `${Math.floor(outages)} outage${outages < 2 ? '' : 's'}`;
}

/** Wilson's upper bound with nothing seen is z²/(n + z²). */
function neededSeconds({ target, outages, reconnectSeconds }: BacklogSizing): number {
  return 3.85 * (1 / target - 1) * (outages.meanSeconds + reconnectSeconds);
}

function judged(name: string, { bytes, point }: SizeAnswer): string {
  return `${name}: ${roundBytes(bytes)}, with which ${percent(point.share)} of the outages end in a full resync.`;
}

function largeValues({ recommended, largestValueBytes, outputBuffer }: BacklogSizing): string {
  const limit =
    outputBuffer === null
      ? ''
      : `, and one larger than ${formatSize(outputBuffer.limit.hardBytes)} (the output limit) drops every replica, connected or not`;
  const floor =
    largestValueBytes > 0 && recommended.bytes >= largestValueBytes
      ? ` The largest value given, ${roundBytes(largestValueBytes)}, fits.`
      : '';
  return `A single write larger than ${formatSize(recommended.bytes)} makes every replica that is away at that moment take a full resync${limit}.${floor}`;
}

const HEAD = ['repl-backlog-size', 'full resync', '95 % interval', 'worst between samples'];

function sizes({
  table,
  curve,
  recommended,
  cautious,
  knee,
  version,
  slackBytes,
  series,
}: BacklogSizing): Section {
  const row = ({ size, share, interval, worst }: CurvePoint): string[] => [
    `${formatSize(size)}${size === recommended.bytes ? ' (recommended)' : size === cautious.bytes ? ' (careful)' : ''}`,
    percent(share),
    `${percent(interval.low)} to ${percent(interval.high)}`,
    ...(series.isExact ? [] : [percent(worst)]),
  ];
  const slack =
    version === '7'
      ? `Redis from 7.0 on keeps up to two blocks more than its size (32 kb with small writes, up to ${roundBytes(slackBytes)} with large ones), so these are upper bounds.`
      : 'Redis up to 6.2 keeps exactly its size, in a ring.';
  const shape =
    knee === null
      ? ''
      : ` The knee of the curve is at ${formatSize(knee.bytes)} (${percent(knee.point.share)}).`;
  const worstLine = { label: HEAD[3]!, unit: '%', values: curve.map((p) => p.worst * 100) };
  return {
    heading: 'Probability of a full resync, per outage',
    text: `Over all moments at which an outage could begin. ${slack}${shape}`,
    table: {
      head: series.isExact ? HEAD.slice(0, 3) : HEAD,
      rows: table.map(row),
    },
    plot: {
      title: 'Full resyncs by backlog size',
      x: {
        label: 'repl-backlog-size',
        scale: 'log',
        unit: 'bytes',
        values: curve.map(({ size }) => size),
      },
      y: { label: 'outages that end in a full resync' },
      series: [
        { label: 'share', unit: '%', values: curve.map(({ share }) => share * 100) },
        { label: 'at most (97.5 %)', unit: '%', values: curve.map((p) => p.interval.high * 100) },
        ...(series.isExact ? [] : [worstLine]),
      ],
      markers: [
        ...(knee === null ? [] : [{ at: knee.bytes, label: 'knee' }]),
        { at: recommended.bytes, label: 'recommended' },
        ...(cautious.bytes > recommended.bytes ? [{ at: cautious.bytes, label: 'careful' }] : []),
      ],
    },
  };
}

function fullSync({ outputBuffer, replicas }: BacklogSizing): Section[] {
  if (outputBuffer === null) return [];
  const { phases, largest, typical, caughtUpSeconds, defaultCuts, limit } = outputBuffer;
  const text = [
    `A full sync takes ${roundSeconds(phases.total)}: snapshot ${roundSeconds(phases.snapshot)}, transfer ${roundSeconds(phases.transfer)}${replicas > 1 ? ` (${replicas} replicas share the link)` : ''}, load ${roundSeconds(phases.load)}.`,
    `Meanwhile ${roundBytes(typical)} are written in the middle, ${roundBytes(largest)} at most: that much the master must keep for a replica, or drop it and begin again, without end.`,
    `So: client-output-buffer-limit replica ${limitText(limit)}.`,
    `The default, 256mb 64mb 60, would cut ${percent(defaultCuts.hard)} of the full syncs by its hard limit and ${percent(defaultCuts.soft)} by its soft one.`,
  ];
  text.push(
    Number.isFinite(caughtUpSeconds)
      ? `At worst the replica has caught up after ${roundSeconds(caughtUpSeconds)}.`
      : 'The link is slower than the writers: no replica ever catches up. A faster link or fewer writes are needed; no limit helps.',
  );
  if (outputBuffer.isExtrapolated) {
    text.push('The series is shorter than a full sync; its windows were scaled up.');
  }
  return [{ heading: 'Full sync and output buffer', text: text.join('\n') }];
}

function memory({ memory: cost, replicas, outputBuffer }: BacklogSizing): Section {
  const row = (name: string, version: '6.2' | '7'): string[] => {
    const { steady, duringSync, most } = cost[version];
    const cells = outputBuffer === null ? [steady] : [steady, duringSync, most];
    return [name, ...cells.map(roundBytes)];
  };
  const head = ['Redis', 'all replicas follow', 'all in full sync', 'all at the hard limit'];
  return {
    heading: 'Memory on the master',
    text: `With ${counted(replicas, 'replica')}. Up to 6.2 each has a buffer of its own beside the backlog; from 7.0 on all share its blocks. A replica has a backlog of the same size, for when it is promoted.`,
    table: {
      head: outputBuffer === null ? head.slice(0, 2) : head,
      rows: [row('up to 6.2', '6.2'), row('7.0 and later', '7')],
    },
  };
}
