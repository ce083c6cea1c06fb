/**
 * Random days of a server, random outages, and a backlog that some of them outgrow: what the proof
 * of the sizing runs over. The same seed gives the same scenario.
 */
import { Prng } from '../../../src/base/prng.js';
import type { CurvePoint } from '../../../src/lab/backlog/curve.js';
import { measureCurve } from '../../../src/lab/backlog/curve.js';
import type { OutagePattern } from '../../../src/lab/backlog/outages.js';
import { type Sample, type Series, buildSeries } from '../../../src/lab/backlog/series.js';

export interface Scenario {
  /** Of the outages' dice, which are others than those of the series. */
  readonly seed: number;
  readonly series: Series;
  readonly pattern: OutagePattern;
  readonly how: { readonly reconnectSeconds: number; readonly inFlightBytes: number };
  /** A size, with the probability predicted for it. */
  readonly point: CurvePoint;
}

export async function randomScenario(seed: number): Promise<Scenario> {
  const prng = new Prng(seed);
  const series = buildSeries(`seed ${seed}`, randomSamples(prng));
  const pattern = randomPattern(prng);
  const how = {
    reconnectSeconds: prng.below(3) / 2,
    inFlightBytes: prng.chance(0.5) ? prng.below(1_000_000) : 0,
  };
  const curve = await measureCurve(series, pattern, how);
  const wanted = 0.03 + 0.87 * unit(prng);
  return {
    seed: seed + 1000,
    series,
    pattern,
    how,
    point: curve.point(curve.firstIndex((p) => p.share <= wanted)),
  };
}

const unit = (prng: Prng): number => (prng.uint32() + 0.5) / 2 ** 32;

/** A rate that wanders, a daily wave, bursts, and samples that come late or not at all. */
function* randomSamples(prng: Prng): Generator<Sample> {
  const interval = [0.1, 0.5, 1, 5][prng.below(4)]!;
  const count = 1000 + prng.below(3000);
  const base = 10 ** (4 + 3 * unit(prng));
  const wave = prng.chance(0.5) ? unit(prng) : 0;
  const burstChance = unit(prng) / (30 / interval);
  const burstHeight = 2 + prng.below(30);
  let seconds = 0;
  let offset = prng.below(1e9);
  let wander = 0;
  let burstLeft = 0;
  for (let index = 0; index < count; index++) {
    yield { seconds, offset: Math.floor(offset), replicas: null, place: `sample ${index + 1}` };
    const step = interval * (prng.chance(0.01) ? 1 + prng.below(5) : 0.8 + 0.4 * unit(prng));
    wander = 0.98 * wander + 0.3 * (unit(prng) - 0.5);
    if (burstLeft <= 0 && prng.chance(burstChance)) burstLeft = 1 + 10 * unit(prng);
    const burst = burstLeft > 0 ? burstHeight : 1;
    const daily = 1 + wave * Math.sin((index / count) * 2 * Math.PI);
    offset += base * Math.exp(wander) * burst * daily * step;
    burstLeft -= step;
    seconds += step;
  }
}

function randomPattern(prng: Prng): OutagePattern {
  const scale = 1 + 9 * unit(prng);
  switch (prng.below(5)) {
    case 0:
      return { type: 'list', seconds: [scale] };
    case 1:
      return { type: 'list', seconds: Array.from({ length: 7 }, () => scale * (0.2 + unit(prng))) };
    case 2:
      return { type: 'exponential', meanSeconds: scale };
    case 3:
      return { type: 'lognormal', medianSeconds: scale, sigma: 0.3 + unit(prng) };
    default:
      return { type: 'uniform', minSeconds: scale / 4, maxSeconds: 2 * scale };
  }
}
