/**
 * How long replicas are away: the pattern of outages.
 *
 * A pattern is data (it crosses threads): a list of lengths, each as likely as the others, or one
 * of three distributions. What the sizing needs of it is its survival function, the share of
 * outages longer than some length; what the replay needs is lengths drawn from it.
 */
import { assertNever } from '../../base/assert.js';
import type { Prng } from '../../base/prng.js';
import { unusable } from '../../base/refuse.js';
import { readSeconds, roundSeconds } from './quantities.js';

export type OutagePattern =
  | { readonly type: 'list'; readonly seconds: readonly number[] }
  | { readonly type: 'exponential'; readonly meanSeconds: number }
  /** exp of a normal variable; `sigma` is its standard deviation. */
  | { readonly type: 'lognormal'; readonly medianSeconds: number; readonly sigma: number }
  | { readonly type: 'uniform'; readonly minSeconds: number; readonly maxSeconds: number };

const RULE =
  'a pattern is a length (30s), a list (5s,30s,2m), exp:MEAN, lognormal:MEDIAN:SIGMA, uniform:MIN-MAX, a file of lengths (@FILE) or measured';

/**
 * Read a pattern from the command line; files and `measured` are the caller's.
 *
 * @param name - of the option, for messages.
 * @throws RingleaderError CONFIG_INVALID
 */
export function parseOutages(name: string, text: string): OutagePattern {
  const [kind = '', first = '', second, ...rest] = text.split(':');
  if (first === '') return listOf(name, text.split(','));
  if (kind === 'exp' && second === undefined) {
    return { type: 'exponential', meanSeconds: positive(name, first) };
  }
  if (kind === 'lognormal' && second !== undefined && rest.length === 0) {
    const sigma = Number(second);
    if (!(sigma > 0 && sigma < 10)) {
      throw unusable(name, "a lognormal's sigma is a number above 0 and below 10", second);
    }
    return { type: 'lognormal', medianSeconds: positive(name, first), sigma };
  }
  const [min, max] = first.split('-');
  if (kind === 'uniform' && second === undefined && min !== undefined && max !== undefined) {
    const minSeconds = readSeconds(name, min);
    const maxSeconds = positive(name, max);
    if (minSeconds >= maxSeconds) {
      throw unusable(name, 'the shortest outage must be shorter than the longest', text);
    }
    return { type: 'uniform', minSeconds, maxSeconds };
  }
  throw unusable(name, RULE, JSON.stringify(text));
}

/**
 * A pattern of lengths that were observed.
 *
 * @param lengths - durations as text; empty ones are left out.
 * @throws RingleaderError CONFIG_INVALID: none is left, or one is no duration above 0.
 */
export function listOf(name: string, lengths: readonly string[]): OutagePattern {
  const given = lengths.map((length) => length.trim()).filter((length) => length !== '');
  if (given.length === 0) throw unusable(name, RULE, 'no outage at all');
  return { type: 'list', seconds: given.map((length) => positive(name, length)) };
}

function positive(name: string, text: string): number {
  if (!/\d/.test(text)) throw unusable(name, RULE, JSON.stringify(text));
  const seconds = readSeconds(name, text);
  if (seconds === 0) throw unusable(name, 'an outage lasts longer than 0', JSON.stringify(text));
  return seconds;
}

/** @returns the share of outages that last longer, 0 to 1. */
export function survival(pattern: OutagePattern, seconds: number): number {
  if (seconds < 0) return 1;
  switch (pattern.type) {
    case 'list':
      return pattern.seconds.filter((each) => each > seconds).length / pattern.seconds.length;
    case 'exponential':
      return Math.exp(-seconds / pattern.meanSeconds);
    case 'lognormal':
      if (seconds === 0) return 1;
      return normalSurvival(Math.log(seconds / pattern.medianSeconds) / pattern.sigma);
    case 'uniform': {
      const { minSeconds, maxSeconds } = pattern;
      return clamp((maxSeconds - seconds) / (maxSeconds - minSeconds));
    }
    default:
      return assertNever(pattern);
  }
}

/** The same as a function of the length, for many questions. */
export function survivalOf(pattern: OutagePattern): (seconds: number) => number {
  if (pattern.type !== 'list') return (seconds) => survival(pattern, seconds);
  const sorted = Float64Array.from(pattern.seconds).toSorted();
  return (seconds) => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sorted[middle]! > seconds) high = middle;
      else low = middle + 1;
    }
    return (sorted.length - low) / sorted.length;
  };
}

/** @returns the length that the given share of outages outlast; of a list, one of its lengths. */
export function lengthOutlastedBy(pattern: OutagePattern, share: number): number {
  switch (pattern.type) {
    case 'list': {
      const longestFirst = pattern.seconds.toSorted((a, b) => b - a);
      const at = Math.min(longestFirst.length - 1, Math.floor(share * longestFirst.length));
      return longestFirst[at] ?? 0;
    }
    case 'exponential':
      return -pattern.meanSeconds * Math.log(share);
    case 'uniform':
      return pattern.maxSeconds - share * (pattern.maxSeconds - pattern.minSeconds);
    case 'lognormal': {
      let low = -40;
      let high = 40;
      for (let step = 0; step < 60; step++) {
        const middle = (low + high) / 2;
        if (normalSurvival(middle) > share) low = middle;
        else high = middle;
      }
      return pattern.medianSeconds * Math.exp(low * pattern.sigma);
    }
    default:
      return assertNever(pattern);
  }
}

export function meanSeconds(pattern: OutagePattern): number {
  switch (pattern.type) {
    case 'list':
      return pattern.seconds.reduce((sum, each) => sum + each, 0) / pattern.seconds.length;
    case 'exponential':
      return pattern.meanSeconds;
    case 'lognormal':
      return pattern.medianSeconds * Math.exp(pattern.sigma ** 2 / 2);
    case 'uniform':
      return (pattern.minSeconds + pattern.maxSeconds) / 2;
    default:
      return assertNever(pattern);
  }
}

/** @returns the length of one outage. */
export function drawOutage(pattern: OutagePattern, prng: Prng): number {
  if (pattern.type === 'list') return pattern.seconds[prng.below(pattern.seconds.length)] ?? 0;
  // Never 0, of which no distribution here has a finite logarithm.
  return lengthOutlastedBy(pattern, (prng.uint32() + 0.5) / 2 ** 32);
}

/** The pattern in words. */
export function describeOutages(pattern: OutagePattern): string {
  switch (pattern.type) {
    case 'list': {
      const [first = 0] = pattern.seconds;
      if (pattern.seconds.every((each) => each === first)) return `${roundSeconds(first)} each`;
      const [low, high] = [Math.min(...pattern.seconds), Math.max(...pattern.seconds)];
      return `${pattern.seconds.length} lengths from ${roundSeconds(low)} to ${roundSeconds(high)}`;
    }
    case 'exponential':
      return `exponential, ${roundSeconds(pattern.meanSeconds)} on average`;
    case 'lognormal':
      return `lognormal, half of them over ${roundSeconds(pattern.medianSeconds)}, sigma ${pattern.sigma}`;
    case 'uniform':
      return `uniform from ${roundSeconds(pattern.minSeconds)} to ${roundSeconds(pattern.maxSeconds)}`;
    default:
      return assertNever(pattern);
  }
}

/**
 * The share of a standard normal variable above x; relative error below 1.2e-7.
 *
 * @see Press et al., Numerical Recipes, erfc by a Chebyshev fit
 */
export function normalSurvival(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + z / 2);
  let series = 0;
  for (const coefficient of ERFC) series = series * t + coefficient;
  const erfc = t * Math.exp(-z * z + series);
  return x >= 0 ? erfc / 2 : 1 - erfc / 2;
}

/** Highest power first. */
const ERFC = [
  0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196,
  1.00002368, -1.26551223,
];

function clamp(share: number): number {
  return Math.max(0, Math.min(1, share));
}
