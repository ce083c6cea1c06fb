/**
 * The flags of `ringleader backlog`, read and checked: where the series comes from, and the
 * options.
 */
import { realClock } from '../io/clock.js';
import { errnoText } from '../io/errno-text.js';
import { readText } from '../io/read-text.js';
import { checkWritable, writeWhole } from '../io/report-file.js';
import type { LiveResult } from '../lab/backlog/live.js';
import { parseServerUrl, withoutSecrets } from '../cluster/server-url.js';
import { measuredOutages } from '../lab/backlog/measured.js';
import { toVersion } from '../lab/backlog/memory-cost.js';
import { listOf, type OutagePattern, parseOutages } from '../lab/backlog/outages.js';
import { RingleaderError } from '../base/errors.js';
import { unusable } from '../base/refuse.js';
import { readDuration, readRate } from '../base/quantity.js';
import { fetchSeries, isHttpUrl } from '../lab/backlog/prometheus.js';
import { readLargeSize, readSeconds } from '../lab/backlog/quantities.js';
import { readSeries, type ReadSeriesOptions } from '../lab/backlog/read-series.js';
import { TIME_UNITS, type TimeUnit } from '../lab/backlog/series-times.js';
import { buildSeries, type Series } from '../lab/backlog/series.js';
import { checkTarget, type SizingOptions } from '../lab/backlog/sizing.js';
import { parseBurst, synthesize } from '../lab/backlog/synthetic.js';
import { defaultsOf, type LiveFlags, sampleLive } from './backlog-live.js';
import type { EngineWord } from './engine.js';
import type { Progress } from './progress.js';

/** As commander hands them over: text, checked here. */
export interface BacklogFlags extends LiveFlags {
  readonly from?: string;
  readonly series?: string;
  readonly label: readonly string[];
  readonly timeUnit?: string;
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
  readonly engine?: EngineWord;
  readonly rounds: string;
  readonly seeds: string;
  readonly factor: string;
}

export interface BacklogInput {
  readonly series: Series;
  readonly options: SizingOptions;
  /** What was seen of a running server. */
  readonly live: LiveResult | null;
}

/** @throws RingleaderError CONFIG_INVALID, naming the flag or file and the rule. */
export async function readInput(flags: BacklogFlags, progress: Progress): Promise<BacklogInput> {
  const sources = (['from', 'series', 'rate'] as const).filter((name) => flags[name] !== undefined);
  if (sources.length !== 1) {
    const rule = 'exactly one source is needed: --from URL, --series FILE or --rate RATE';
    const given = sources.map((name) => `--${name}`).join(' and ');
    throw unusable('the input', rule, given === '' ? 'none' : given);
  }
  checkUse(flags);
  // Everything that can be wrong is found before a server is sampled for an hour.
  const outages = flags.outage === 'measured' ? null : readOutages(flags.outage);
  const options = readOptions(flags);
  const timeUnit = flags.timeUnit === undefined ? null : readTimeUnit(flags.timeUnit);
  const source = [flags.from, flags.series].find((each) => each !== undefined && isHttpUrl(each));
  if (source !== undefined) {
    const series = await fromPrometheus(source, flags, timeUnit, progress);
    return {
      series,
      options: { ...options, outages: outages ?? measuredOutages(series) },
      live: null,
    };
  }
  if (flags.from !== undefined) {
    const server = parseServerUrl('--from', flags.from);
    const live = await sampleLive(server, flags, progress);
    const series = buildLive(server.label, live, flags);
    const { datasetBytes } = live.last;
    const sync = datasetBytes > 0 ? { fullSync: fullSync(flags, `${datasetBytes}b`) } : {};
    const fromServer = { ...defaultsOf(live), ...sync, ...options };
    const whole = { ...fromServer, outages: outages ?? measuredOutages(series) };
    return { series, options: whole, live };
  }
  const series =
    flags.series === undefined ? synthetic(flags) : readFile(flags.series, flags, timeUnit);
  const whole = { ...options, outages: outages ?? measuredOutages(series) };
  return { series, options: whole, live: null };
}

const ofRunning = ({ from, series }: BacklogFlags): boolean =>
  from !== undefined || isHttpUrl(series ?? '');
const ofServer = ({ from }: BacklogFlags): boolean => from !== undefined && !isHttpUrl(from);
const ofSynthetic = (flags: BacklogFlags): boolean => flags.rate !== undefined;
const ofRecorded = (flags: BacklogFlags): boolean => !ofSynthetic(flags);

/** What some flags are for, and whether it is asked for: otherwise they would do nothing. */
const USES = [
  ['for', '--from', ofRunning],
  ['every', '--from', ofRunning],
  ['record', '--from', ofRunning],
  ['cacert', '--from rediss://…', ofServer],
  ['insecure', '--from rediss://…', ofServer],
  ['timeUnit', '--series', ofRecorded],
  ['splitRestarts', '--series and --from', ofRecorded],
  ['label', '--series and --from http://…', ofRecorded],
  ['burst', '--rate', ofSynthetic],
] as const;

/** @throws RingleaderError CONFIG_INVALID */
function checkUse(flags: BacklogFlags): void {
  for (const [name, what, isUsed] of USES) {
    const value = flags[name];
    const isGiven = Array.isArray(value) ? value.length > 0 : value !== undefined;
    if (!isGiven || isUsed(flags)) continue;
    const flag = `--${name.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`)}`;
    throw unusable(flag, `it is for ${what}`, String(value));
  }
}

/** @throws RingleaderError CONNECTION_LOST: the server went before there was enough. */
function buildLive(label: string, live: LiveResult, flags: BacklogFlags): Series {
  try {
    return buildSeries(label, live.samples, {
      splitRestarts: flags.splitRestarts === true,
      leaveOutGaps: true,
    });
  } catch (error) {
    if (live.lost === null || !(error instanceof RingleaderError)) throw error;
    throw new RingleaderError('CONNECTION_LOST', `${live.lost}; and ${error.message}`);
  }
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
    textOf(file)
      .split(/[\n,;]/)
      .filter(isNoComment),
  );
}

/** ms. */
const DAY_MS = 86_400_000;

const isNoComment = (line: string): boolean => !line.trim().startsWith('#');

function readOptions(flags: BacklogFlags): Omit<SizingOptions, 'outages'> {
  const target = Number(flags.target);
  checkTarget('--target', target);
  fullSync(flags, '1b'); // Its rates are looked at though there be no full sync to size.
  const version = flags.redis === undefined ? null : toVersion('--redis', flags.redis);
  const inFlight = bytes('--in-flight', flags.inFlight);
  const largest = bytes('--largest-value', flags.largestValue);
  const current = bytes('--current', flags.current);
  return {
    target,
    reconnectSeconds: readSeconds('--reconnect', flags.reconnect),
    ...(version === null ? {} : { version }),
    ...(inFlight === null ? {} : { inFlightBytes: inFlight }),
    ...(largest === null ? {} : { largestValueBytes: largest }),
    ...(current === null ? {} : { currentBytes: current }),
    ...(flags.replicas === undefined
      ? {}
      : { replicas: wholeNumber('--replicas', flags.replicas, 0, 1000) }),
    ...(flags.dataset === undefined ? {} : { fullSync: fullSync(flags, flags.dataset) }),
  };
}

function fullSync(flags: BacklogFlags, dataset: string): NonNullable<SizingOptions['fullSync']> {
  return {
    datasetBytes: readLargeSize('--dataset', dataset),
    linkRate: rate('--link', flags.link),
    saveRate: rate('--save-rate', flags.saveRate),
    loadRate: rate('--load-rate', flags.loadRate),
  };
}

function bytes(name: string, text: string | undefined): number | null {
  return text === undefined ? null : readLargeSize(name, text);
}

function rate(name: string, text: string): number {
  const value = readRate(name, text);
  if (value === 0) throw unusable(name, 'a rate above 0 is needed', text);
  return value;
}

function synthetic(flags: BacklogFlags): Series {
  const seconds = readSeconds('--duration', flags.duration);
  if (seconds === 0) throw unusable('--duration', 'a duration above 0 is needed', flags.duration);
  const bursts = flags.burst.map((text) => parseBurst('--burst', text));
  const seed = wholeNumber('--seed', flags.seed, 0, 2 ** 32 - 1);
  return synthesize({ rate: readRate('--rate', flags.rate ?? ''), bursts, seconds, seed });
}

function readFile(file: string, flags: BacklogFlags, timeUnit: TimeUnit | null): Series {
  return readSeries(file === '-' ? 'stdin' : file, textOf(file), seriesOptions(flags, timeUnit));
}

function seriesOptions(flags: BacklogFlags, timeUnit: TimeUnit | null): ReadSeriesOptions {
  return { splitRestarts: flags.splitRestarts === true, labels: flags.label, timeUnit };
}

/** What a Prometheus is asked for, where neither its URL nor a flag says. */
const RANGE = { for: '24h', every: '15s' };

async function fromPrometheus(
  url: string,
  flags: BacklogFlags,
  timeUnit: TimeUnit | null,
  progress: Progress,
): Promise<Series> {
  const label = withoutSecrets(url);
  const name = flags.from === undefined ? '--series' : '--from';
  const everyMs = readDuration('--every', flags.every ?? RANGE.every, { least: 1, most: DAY_MS });
  const forMs = readDuration('--for', flags.for ?? RANGE.for, {
    least: everyMs,
    most: 3650 * DAY_MS,
  });
  if (flags.record !== undefined) checkWritable(flags.record);
  progress.say(`asking ${label}`);
  const query = { now: realClock.wallMs(), forMs, everyMs, labels: flags.label };
  const text = await fetchSeries(name, url, query);
  if (flags.record !== undefined) writeWhole(flags.record, text);
  return readSeries(label, text, seriesOptions(flags, timeUnit));
}

function readTimeUnit(text: string): TimeUnit {
  const unit = TIME_UNITS.find((each) => each === text);
  if (unit === undefined) throw unusable('--time-unit', `one of ${TIME_UNITS.join(', ')}`, text);
  return unit;
}

function textOf(file: string): string {
  try {
    return readText(file);
  } catch (error) {
    throw unusable(file, 'the file must be readable', errnoText(error));
  }
}
