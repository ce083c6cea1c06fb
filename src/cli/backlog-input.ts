/** The flags of `ringleader backlog`, read and checked: where the series comes from, and the options. */
import { readFileSync } from 'node:fs';

import { realClock } from '../io/clock.js';
import { writeWhole } from '../io/report-file.js';
import { type LiveResult, sampleServer } from '../lab/backlog/live.js';
import { measuredOutages } from '../lab/backlog/measured.js';
import { listOf, type OutagePattern, parseOutages } from '../lab/backlog/outages.js';
import {
  parseBytes,
  parseRate,
  parseSeconds,
  roundBytes,
  unusable,
} from '../lab/backlog/quantities.js';
import { readSeries } from '../lab/backlog/read-series.js';
import { buildSeries, type Sample, type Series } from '../lab/backlog/series.js';
import type { SizingOptions } from '../lab/backlog/sizing.js';
import { parseBurst, synthesize } from '../lab/backlog/synthetic.js';
import type { Progress } from './progress.js';
import { untilSignal } from './signals.js';

/** As commander hands them over: text, checked here. */
export interface BacklogFlags {
  readonly from?: string;
  readonly for: string;
  readonly every: string;
  readonly record?: string;
  readonly series?: string;
  readonly label: readonly string[];
  readonly splitRestarts?: boolean;
  readonly rate?: string;
  readonly burst: readonly string[];
  readonly duration: string;
  readonly outage: string;
  readonly target: string;
  readonly reconnect: string;
  readonly inFlight?: string;
  readonly redis?: string;
  readonly replicas?: string;
  readonly dataset?: string;
  readonly link: string;
  readonly saveRate: string;
  readonly loadRate: string;
  readonly largestValue?: string;
  readonly current?: string;
  readonly seed: string;
  readonly json?: boolean;
  readonly html?: string;
  readonly replay?: string | true;
  readonly rounds: string;
  readonly seeds: string;
  readonly factor: string;
}

export interface BacklogInput {
  readonly series: Series;
  readonly options: SizingOptions;
}

/** @throws RingleaderError CONFIG_INVALID, naming the flag or file and the rule. */
export async function readInput(flags: BacklogFlags, progress: Progress): Promise<BacklogInput> {
  const sources = [flags.from, flags.series, flags.rate].filter((source) => source !== undefined);
  if (sources.length !== 1) {
    const rule = 'exactly one source is needed: --from URL, --series FILE or --rate RATE';
    throw unusable('the input', rule, sources.length === 0 ? 'none' : sources.join(' and '));
  }
  // Everything that can be wrong is found before a server is sampled for an hour.
  const outages = flags.outage === 'measured' ? null : readOutages(flags.outage);
  const options = readOptions(flags);
  if (flags.from !== undefined) {
    const live = await sample(flags.from, flags, progress);
    const series = buildSeries(flags.from, live.samples, {
      splitRestarts: flags.splitRestarts === true,
    });
    const fromServer = { ...defaultsOf(live), ...options };
    return { series, options: { ...fromServer, outages: outages ?? measuredOutages(series) } };
  }
  const series = flags.series === undefined ? synthetic(flags) : readFile(flags.series, flags);
  return { series, options: { ...options, outages: outages ?? measuredOutages(series) } };
}

/** @throws RingleaderError CONFIG_INVALID */
export function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw unusable(name, `a whole number from ${least} to ${most} is needed`, JSON.stringify(text));
  }
  return value;
}

function readOutages(text: string): OutagePattern {
  if (!text.startsWith('@')) return parseOutages('--outage', text);
  const file = text.slice(1);
  return listOf(
    `--outage ${text}`,
    readText(file)
      .split(/[\n,;]/)
      .filter(isNoComment),
  );
}

const isNoComment = (line: string): boolean => !line.trim().startsWith('#');

function readOptions(flags: BacklogFlags): Omit<SizingOptions, 'outages'> {
  const target = Number(flags.target);
  if (!(target > 0 && target < 1)) {
    throw unusable('--target', 'a probability lies between 0 and 1', JSON.stringify(flags.target));
  }
  const version = flags.redis === undefined ? null : toVersion(flags.redis);
  const inFlight = bytes('--in-flight', flags.inFlight);
  const largest = bytes('--largest-value', flags.largestValue);
  const current = bytes('--current', flags.current);
  const dataset = bytes('--dataset', flags.dataset);
  return {
    target,
    reconnectSeconds: parseSeconds('--reconnect', flags.reconnect),
    ...(version === null ? {} : { version }),
    ...(inFlight === null ? {} : { inFlightBytes: inFlight }),
    ...(largest === null ? {} : { largestValueBytes: largest }),
    ...(current === null ? {} : { currentBytes: current }),
    ...(flags.replicas === undefined
      ? {}
      : { replicas: wholeNumber('--replicas', flags.replicas, 0, 1000) }),
    ...(dataset === null
      ? {}
      : {
          fullSync: {
            datasetBytes: dataset,
            linkRate: rate('--link', flags.link),
            saveRate: rate('--save-rate', flags.saveRate),
            loadRate: rate('--load-rate', flags.loadRate),
          },
        }),
  };
}

function bytes(name: string, text: string | undefined): number | null {
  return text === undefined ? null : parseBytes(name, text);
}

function rate(name: string, text: string): number {
  const value = parseRate(name, text);
  if (value === 0) throw unusable(name, 'a rate above 0 is needed', text);
  return value;
}

/** From 7.0 on the backlog and the buffers share their memory. */
function toVersion(text: string): '6.2' | '7' {
  const [, major] = /^v?(\d+)(?:\.\d+)*$/.exec(text) ?? [];
  if (major === undefined || Number(major) < 3) {
    throw unusable('--redis', 'a version is a number such as 6.2 or 7', JSON.stringify(text));
  }
  return Number(major) >= 7 ? '7' : '6.2';
}

function synthetic(flags: BacklogFlags): Series {
  const seconds = parseSeconds('--duration', flags.duration);
  if (seconds === 0) throw unusable('--duration', 'a duration above 0 is needed', flags.duration);
  const bursts = flags.burst.map((text) => parseBurst('--burst', text));
  const seed = wholeNumber('--seed', flags.seed, 0, 2 ** 32 - 1);
  return synthesize({ rate: parseRate('--rate', flags.rate ?? ''), bursts, seconds, seed });
}

function readFile(file: string, { splitRestarts, label }: BacklogFlags): Series {
  const text = readText(file);
  return readSeries(file, text, { splitRestarts: splitRestarts === true, labels: label });
}

function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw unusable(file, 'the file must be readable', error instanceof Error ? error.message : '');
  }
}

async function sample(url: string, flags: BacklogFlags, progress: Progress): Promise<LiveResult> {
  const forMs = parseSeconds('--for', flags.for) * 1000;
  const everyMs = parseSeconds('--every', flags.every) * 1000;
  if (everyMs < 1) throw unusable('--every', 'a time of 1ms or more is needed', flags.every);
  let saidAt = -Infinity;
  const live = await sampleServer(url, {
    everyMs,
    forMs,
    stopped: untilSignal(),
    onSample(count, info) {
      const now = realClock.monotonicMs();
      if (now - saidAt < 1000) return;
      saidAt = now;
      const left = Math.max(0, Math.round((forMs - count * everyMs) / 1000));
      progress.say(
        `sampling ${url}: ${count} samples, offset ${roundBytes(info.offset)}, ${info.replicas.length} replicas, ${left} s left (Ctrl-C: use what there is)`,
      );
    },
  });
  if (flags.record !== undefined) writeWhole(flags.record, toCsv(live.samples));
  return live;
}

function toCsv(samples: readonly Sample[]): string {
  const rows = samples.map(
    ({ seconds, offset, replicas }) => `${seconds.toFixed(4)},${offset},${replicas ?? ''}\n`,
  );
  return `time,offset,replicas\n${rows.join('')}`;
}

/** What the server says of itself, where no flag says otherwise. */
function defaultsOf({ last, inFlightBytes }: LiveResult): Partial<SizingOptions> {
  return {
    inFlightBytes,
    replicas: Math.max(1, last.replicas.length),
    ...(last.version === '' ? {} : { version: toVersion(last.version) }),
    ...(last.backlogBytes > 0 ? { currentBytes: last.backlogBytes } : {}),
  };
}
