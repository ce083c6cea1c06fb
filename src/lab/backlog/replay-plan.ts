/**
 * The outages of a replay: when each begins, how long it lasts, and what is written meanwhile.
 *
 * They are drawn the way the prediction counts them (windows.ts): a length from the pattern, a
 * moment uniform over all at which an outage of that length fits into the series.
 */
import type { Prng } from '../../base/prng.js';
import { drawOutage, type OutagePattern } from './outages.js';
import { longestSegment, offsetAt, segments, type Series } from './series.js';

export interface PlannedOutage {
  /** From the loss of the link until the replica asks. */
  readonly seconds: number;
  /** Bytes written in each of equal parts of that time. */
  readonly parts: readonly number[];
  /** Sum of the parts. */
  readonly bytes: number;
}

/** Parts that an outage is played in. */
const PARTS = 8;

export function planOutage(
  series: Series,
  pattern: OutagePattern,
  how: { readonly reconnectSeconds: number; readonly inFlightBytes: number },
  prng: Prng,
): PlannedOutage {
  const seconds = drawOutage(pattern, prng) + how.reconnectSeconds;
  const longest = longestSegment(series);
  // What is longer than the series is taken at its rates, as curve.ts does.
  const played = seconds < longest ? seconds : longest / 2;
  const scale = seconds / played;
  const { segment, start } = drawStart(series, played, prng);
  const edges = Array.from({ length: PARTS + 1 }, (_, part) =>
    offsetAt(series, segment, start + (played * part) / PARTS),
  );
  const parts = edges.slice(1).map((edge, part) => (edge - edges[part]!) * scale);
  parts[0]! += how.inFlightBytes;
  return { seconds, parts, bytes: parts.reduce((sum, part) => sum + part, 0) };
}

function drawStart(
  series: Series,
  seconds: number,
  prng: Prng,
): { segment: { first: number; last: number }; start: number } {
  const roomy = segments(series)
    .map((segment) => {
      const begin = series.seconds[segment.first]!;
      return { segment, begin, room: series.seconds[segment.last]! - begin - seconds };
    })
    .filter(({ room }) => room > 0);
  const total = roomy.reduce((sum, { room }) => sum + room, 0);
  let at = (prng.uint32() / 2 ** 32) * total;
  for (const { segment, begin, room } of roomy) {
    if (at <= room) return { segment, start: begin + at };
    at -= room;
  }
  const last = roomy.at(-1)!;
  return { segment: last.segment, start: last.begin + last.room };
}
