/**
 * Outages that a series itself has seen: times at which fewer replicas were online than before.
 *
 * A replica seen missing in k samples in a row was away for between k - 1 and k + 1 intervals; the
 * longer is taken. An outage between two samples is not seen at all.
 */
import type { OutagePattern } from './outages.js';
import { unusable } from '../../base/refuse.js';
import type { Series } from './series.js';

/** @throws RingleaderError CONFIG_INVALID: the series does not say, or saw none. */
export function measuredOutages(series: Series): OutagePattern {
  const { seconds, replicas } = series;
  if (replicas === null) {
    const rule =
      'the series must say how many replicas were online (a column replicas, or redis_connected_slaves in the export)';
    throw unusable('--outage measured', rule, series.name);
  }
  const lengths: number[] = [];
  /** When each of those now missing was last seen. */
  const missingSince: number[] = [];
  for (let index = 1; index < replicas.length; index++) {
    let change = replicas[index]! - replicas[index - 1]!;
    for (; change < 0; change++) missingSince.push(seconds[index - 1]!);
    for (; change > 0; change--) {
      // Who came back is not known: the first to go. A replica that is new ends no outage.
      const since = missingSince.shift();
      if (since !== undefined) lengths.push(seconds[index]! - since);
    }
  }
  if (lengths.length === 0) {
    const rule = 'at least one replica must have gone and come back within the series';
    throw unusable('--outage measured', rule, 'none');
  }
  return { type: 'list', seconds: lengths };
}
