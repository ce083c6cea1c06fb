/**
 * A series that was not recorded but made: a steady rate, and bursts on top of it.
 *
 * Bursts of one length begin at random, on average once in so long, independent of each other (a
 * Poisson process, so two may overlap). The master's PING to its replicas is in it as in any
 * stream.
 */
import { Prng } from '../../base/prng.js';
import { unusable } from '../../base/refuse.js';
import { readRate } from '../../base/quantity.js';
import { readSeconds } from './quantities.js';
import { type Sample, type Series, buildSeries } from './series.js';

export interface Burst {
  /** Bytes a second, on top of the steady rate. */
  readonly rate: number;
  readonly lastsSeconds: number;
  /** From one beginning to the next, on average. */
  readonly everySeconds: number;
}

export interface SyntheticOptions {
  /** Bytes a second. */
  readonly rate: number;
  /** On top of the steady rate; default: none. */
  readonly bursts?: readonly Burst[];
  /** Length of the series. */
  readonly seconds: number;
  /** Of the bursts' dice; default 1. */
  readonly seed?: number;
}

/** `*1\r\n$4\r\nPING\r\n`, every `repl-ping-replica-period`, by default 10 s. */
const PING_BYTES_PER_SECOND = 14 / 10;
/** Samples that a series may have. */
const MOST_SAMPLES = 2_000_000;

/**
 * @param text - `RATE:LASTS:EVERY`, as `50mb:2s:1m`.
 * @throws RingleaderError CONFIG_INVALID
 */
export function parseBurst(name: string, text: string): Burst {
  const [rate, lasts, every, ...rest] = text.split(':');
  if (rate === undefined || lasts === undefined || every === undefined || rest.length > 0) {
    const rule = 'a burst is RATE:LASTS:EVERY, as 50mb:2s:1m';
    throw unusable(name, rule, JSON.stringify(text));
  }
  const burst: Burst = {
    rate: readRate(name, rate),
    lastsSeconds: readSeconds(name, lasts),
    everySeconds: readSeconds(name, every),
  };
  if (burst.rate === 0 || burst.lastsSeconds === 0 || burst.everySeconds === 0) {
    throw unusable(name, 'a burst writes, lasts, and comes again after, more than 0', text);
  }
  if (burst.lastsSeconds >= burst.everySeconds) {
    const rule =
      'a burst is shorter than the time from one to the next (else it is a steady --rate)';
    throw unusable(name, rule, `${lasts} every ${every}`);
  }
  return burst;
}

/**
 * @throws RingleaderError CONFIG_INVALID: nothing would ever be written, or far too many bursts.
 */
export function synthesize({ rate, bursts = [], seconds, seed = 1 }: SyntheticOptions): Series {
  const prng = new Prng(seed);
  // Where the rate changes, and by how much.
  const changes = new Map<number, number>([[0, rate + PING_BYTES_PER_SECOND]]);
  const change = (at: number, by: number): void => {
    if (at < seconds) changes.set(at, (changes.get(at) ?? 0) + by);
  };
  for (const burst of bursts) {
    const count = seconds / burst.everySeconds;
    if (count > MOST_SAMPLES / 4) {
      throw unusable('--burst', 'fewer than 500,000 bursts may come', `${Math.round(count)}`);
    }
    // One that began before the series may still be going on.
    let at = -burst.lastsSeconds;
    for (;;) {
      at -= burst.everySeconds * Math.log((prng.uint32() + 0.5) / 2 ** 32);
      if (at >= seconds) break;
      change(Math.max(0, at), burst.rate);
      change(at + burst.lastsSeconds, -burst.rate);
    }
  }
  return buildSeries('the synthetic series', samples(changes, seconds), { isExact: true });
}

function* samples(changes: ReadonlyMap<number, number>, seconds: number): Generator<Sample> {
  let offset = 0;
  let rate = 0;
  let before = 0;
  for (const [at, by] of [...changes, [seconds, 0] as const].toSorted(([a], [b]) => a - b)) {
    offset += Math.max(0, rate) * (at - before);
    yield { seconds: at, offset, replicas: null, place: `${at} s` };
    rate += by;
    before = at;
  }
}
