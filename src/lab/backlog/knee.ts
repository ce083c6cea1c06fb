/**
 * The knee of a curve that falls: where more backlog stops buying much.
 *
 * The point furthest below the straight line from the curve's first point to its last, sizes on a
 * logarithmic scale, as the chart shows it.
 */
import type { CurvePoint } from './curve.js';

/** @param points - ascending by size. @returns null for a curve that is nowhere below that line. */
export function findKnee(points: readonly CurvePoint[]): CurvePoint | null {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined || first.size === last.size) return null;
  const width = Math.log(last.size / first.size);
  let knee: CurvePoint | null = null;
  let deepest = 1e-9;
  for (const point of points) {
    const part = Math.log(point.size / first.size) / width;
    const depth = first.share + part * (last.share - first.share) - point.share;
    if (depth <= deepest) continue;
    deepest = depth;
    knee = point;
  }
  return knee;
}
