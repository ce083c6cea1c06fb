/** INFO's sections commandstats, errorstats and latencystats. */
import { percentileText } from '../../config/special.js';
import type { InfoFields } from '../../commands/node/observation.js';
import type { InfoSource } from './info-source.js';

export function commandFields({ commandStats }: InfoSource): InfoFields {
  return commandStats.all().map(([name, { calls, micros, rejected, failed }]) => {
    const usec = Math.floor(micros);
    const perCall = calls === 0 ? 0 : micros / calls;
    return [
      `cmdstat_${name}`,
      `calls=${calls},usec=${usec},usec_per_call=${perCall.toFixed(2)},rejected_calls=${rejected},failed_calls=${failed}`,
    ];
  });
}

/** The errors by code; the core counts its own. */
export function errorFields({ stats, core }: InfoSource): InfoFields {
  const { errorReplies, wrongTypeErrors, oomErrors } = core.counters();
  const counts = new Map(stats.errors);
  const add = (code: string, count: number): void => {
    if (count > 0) counts.set(code, (counts.get(code) ?? 0) + count);
  };
  add('ERR', errorReplies - wrongTypeErrors - oomErrors);
  add('WRONGTYPE', wrongTypeErrors);
  add('OOM', oomErrors);
  return [...counts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, count]) => [`errorstat_${code}`, `count=${count}`]);
}

export function latencyFields({ commandStats, config }: InfoSource): InfoFields {
  if (!config.latencyTracking.value) return [];
  const percentiles = config.latencyTrackingInfoPercentiles.value;
  return commandStats.all().flatMap(([name, { histogram }]) => {
    if (histogram === null) return [];
    const values = percentiles.map(
      (percentile) =>
        `p${percentileText(percentile)}=${histogram.percentile(percentile).toFixed(3)}`,
    );
    return [[`latency_percentiles_usec_${name}`, values.join(',')] as const];
  });
}
