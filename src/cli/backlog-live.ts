/** `ringleader backlog --from`: sampling a running server, and what is told of it. */
import { writeFileSync } from 'node:fs';

import { readDuration } from '../base/quantity.js';
import { realClock } from '../io/clock.js';
import { errnoText } from '../io/errno-text.js';
import { readText } from '../io/read-text.js';
import { cannotWrite, checkWritable } from '../io/report-file.js';
import { checkAuthority, type TlsOptions } from '../io/tls-client.js';
import type { ServerUrl } from '../cluster/server-url.js';
import { type LiveResult, sampleServer } from '../lab/backlog/live.js';
import { toVersion } from '../lab/backlog/memory-cost.js';
import { unusable } from '../base/refuse.js';
import { roundBytes } from '../lab/backlog/quantities.js';
import type { Sample } from '../lab/backlog/series.js';
import type { SizingOptions } from '../lab/backlog/sizing.js';
import type { Section } from '../report/report.js';
import type { Progress } from './progress.js';
import { hearSignals } from './signals.js';

export interface LiveFlags {
  readonly for?: string;
  readonly every?: string;
  readonly record?: string;
  readonly cacert?: string;
  readonly insecure?: boolean;
}

/**
 * @throws RingleaderError CONFIG_INVALID: a flag breaks a rule, or the server cannot be used.
 * @throws RingleaderError CONNECTION_LOST: it cannot be reached.
 */
export async function sampleLive(
  server: ServerUrl,
  flags: LiveFlags,
  progress: Progress,
): Promise<LiveResult> {
  const forMs = readDuration('--for', flags.for ?? '60s');
  const everyMs = readDuration('--every', flags.every ?? '200ms');
  if (everyMs < 1)
    throw unusable('--every', 'a time of 1ms or more is needed', String(flags.every));
  const tls = server.tls ? tlsOptions(flags) : null;
  if (flags.record !== undefined) checkWritable(flags.record);
  const signals = hearSignals();
  let record: SampleFile | null = null;
  let saidAt = -Infinity;
  let count = 0;
  try {
    return await sampleServer(server, {
      everyMs,
      forMs,
      tls,
      stopped: signals.heard,
      onSample(sample, info) {
        count += 1;
        if (flags.record !== undefined) {
          record ??= new SampleFile(flags.record);
          record.add(sample);
        }
        const now = realClock.monotonicMs();
        if (now - saidAt < 1000) return;
        saidAt = now;
        const left = Math.max(0, Math.round((forMs - count * everyMs) / 1000));
        progress.say(
          `sampling ${server.label}: ${count} samples, offset ${roundBytes(info.offset)}, ${info.replicas.length} replicas, ${left} s left (Ctrl-C: use what there is)`,
        );
      },
    });
  } finally {
    signals.leave();
  }
}

function tlsOptions({ cacert, insecure }: LiveFlags): TlsOptions {
  if (cacert === undefined) return { insecure: insecure === true };
  let ca: string;
  try {
    ca = readText(cacert);
  } catch (error) {
    throw unusable('--cacert', 'the file must be readable', errnoText(error));
  }
  checkAuthority('--cacert', ca);
  return { insecure: insecure === true, ca };
}

/** The samples as CSV, each written as it comes: what was seen is kept, however this ends. */
class SampleFile {
  readonly #file: string;

  /** A file of that name is replaced now: the server answers. */
  constructor(file: string) {
    this.#file = file;
    this.#write('time,offset,replicas\n', 'w');
  }

  add({ seconds, offset, replicas }: Sample): void {
    this.#write(`${seconds.toFixed(4)},${offset},${replicas ?? ''}\n`, 'a');
  }

  #write(text: string, flag: 'w' | 'a'): void {
    try {
      writeFileSync(this.#file, text, { flag });
    } catch (error) {
      throw cannotWrite(this.#file, error);
    }
  }
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
export function liveSection(
  label: string,
  { first, last, inFlightBytes, lost }: LiveResult,
): Section {
  const since = (field: 'syncFull' | 'syncPartialOk' | 'syncPartialErr'): string =>
    `${last[field] - first[field]} (${last[field]} since its start)`;
  const lines = [
    `${label}: version ${last.version || 'unknown'}, ${last.role}, ${last.replicas.length} replicas, repl-backlog-size ${roundBytes(last.backlogBytes)}, data set ${roundBytes(last.datasetBytes)}.`,
    `Under way to the slowest replica: ${roundBytes(inFlightBytes)} in the middle, as far as acknowledgements once a second can tell.`,
    `While it was sampled: full resyncs ${since('syncFull')}, partial ones ${since('syncPartialOk')}, refused ${since('syncPartialErr')}.`,
  ];
  if (lost !== null) lines.push(`${lost}. What was sampled until then is used.`);
  if (last.role !== 'master') {
    lines.push(
      'It is a replica: its offset is that of the stream it follows, as far as it has it.',
    );
  }
  return { heading: 'The server', text: lines.join('\n') };
}
