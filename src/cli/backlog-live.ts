/** `ringleader backlog --from`: sampling a running server, and what is told of it. */
import { realClock } from '../io/clock.js';
import { writeWhole } from '../io/report-file.js';
import { type LiveResult, sampleServer } from '../lab/backlog/live.js';
import { toVersion } from '../lab/backlog/memory-cost.js';
import { unusable } from '../base/errors.js';
import { readSeconds, roundBytes } from '../lab/backlog/quantities.js';
import type { Sample } from '../lab/backlog/series.js';
import type { SizingOptions } from '../lab/backlog/sizing.js';
import type { Section } from '../report/report.js';
import type { Progress } from './progress.js';
import { untilSignal } from './signals.js';

export interface LiveFlags {
  readonly for: string;
  readonly every: string;
  readonly record?: string;
}

/** @throws RingleaderError CONFIG_INVALID: a flag breaks a rule, or the server cannot be used. */
export async function sampleLive(
  url: string,
  flags: LiveFlags,
  progress: Progress,
): Promise<LiveResult> {
  const forMs = readSeconds('--for', flags.for) * 1000;
  const everyMs = readSeconds('--every', flags.every) * 1000;
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
export function defaultsOf({ last, inFlightBytes }: LiveResult): Partial<SizingOptions> {
  return {
    inFlightBytes,
    replicas: Math.max(1, last.replicas.length),
    ...(last.version === '' ? {} : { version: toVersion('redis_version', last.version) }),
    ...(last.backlogBytes > 0 ? { currentBytes: last.backlogBytes } : {}),
  };
}

/** What was seen of the server. */
export function liveSection(url: string, { first, last, inFlightBytes }: LiveResult): Section {
  const since = (field: 'syncFull' | 'syncPartialOk' | 'syncPartialErr'): string =>
    `${last[field] - first[field]} (${last[field]} since its start)`;
  const lines = [
    `${url}: version ${last.version || 'unknown'}, ${last.role}, ${last.replicas.length} replicas, repl-backlog-size ${roundBytes(last.backlogBytes)}, data set ${roundBytes(last.datasetBytes)}.`,
    `Under way to the slowest replica: ${roundBytes(inFlightBytes)} in the middle, as far as acknowledgements once a second can tell.`,
    `While it was sampled: full resyncs ${since('syncFull')}, partial ones ${since('syncPartialOk')}, refused ${since('syncPartialErr')}.`,
  ];
  if (last.role !== 'master') {
    lines.push(
      'It is a replica: its offset is that of the stream it follows, as far as it has it.',
    );
  }
  return { heading: 'The server', text: lines.join('\n') };
}
