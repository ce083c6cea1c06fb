/**
 * Sampling a server that runs: INFO, again and again, until there is enough or the operator says
 * so.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { RingleaderError } from '../../base/errors.js';
import { unusable } from '../../base/refuse.js';
import type { Millis } from '../../base/time.js';
import { realClock } from '../../io/clock.js';
import type { Reply } from '../../resp/reply.js';
import { Asker, type AskerOptions } from '../../io/asker.js';
import type { ServerUrl } from '../../cluster/server-url.js';
import { type InfoSample, inFlightBytes, toInfoSample } from './info-sample.js';
import type { Sample } from './series.js';

export interface LiveOptions extends AskerOptions {
  readonly everyMs: Millis;
  readonly forMs: Millis;
  /** Resolves when to stop early; what was sampled is used. */
  readonly stopped: Promise<unknown>;
  /** Called with each sample as it comes. */
  readonly onSample: (sample: Sample, info: InfoSample) => void;
}

export interface LiveResult {
  readonly samples: readonly Sample[];
  readonly first: InfoSample;
  readonly last: InfoSample;
  readonly inFlightBytes: number;
  /** Why the server could no longer be asked before the time was over; null: it could. */
  readonly lost: string | null;
}

/**
 * @throws RingleaderError CONFIG_INVALID: the server refuses the password, or is no Redis.
 * @throws RingleaderError CONNECTION_LOST: it cannot be reached, or went before the first sample.
 */
export async function sampleServer(
  { host, port, auth, label }: ServerUrl,
  options: LiveOptions,
): Promise<LiveResult> {
  const server = new Asker(host, port, options);
  const stop = options.stopped.then(() => null);
  /** The answer; null: the operator wants no more. */
  const ask = (...args: string[]): Promise<Reply | null> =>
    Promise.race([server.ask(...args), stop]);
  try {
    const greeting = auth.length === 0 ? null : await ask('AUTH', ...auth);
    if (greeting?.type === 'error') {
      throw unusable('--from', `${label} must let us in`, greeting.text);
    }
    const samples: Sample[] = [];
    const infos: InfoSample[] = [];
    let lost: string | null = null;
    const begin = realClock.monotonicMs();
    for (;;) {
      const askedAt = realClock.monotonicMs() - begin;
      const reply = await ask('INFO').catch((error: unknown) => {
        // What was sampled until now is worth something; nothing is not.
        if (samples.length === 0 || !(error instanceof RingleaderError)) throw error;
        lost = error.message;
        return null;
      });
      if (reply === null) break;
      const info = toInfo(label, reply);
      // The answer is of some moment between asking and hearing it.
      const at = (askedAt + realClock.monotonicMs() - begin) / 2;
      const sample: Sample = {
        seconds: at / 1000,
        offset: info.offset,
        replicas: info.replicas.length,
        place: `sample ${samples.length + 1}`,
      };
      infos.push(info);
      samples.push(sample);
      options.onSample(sample, info);
      if (at >= options.forMs) break;
      const next = begin + samples.length * options.everyMs - realClock.monotonicMs();
      if ((await Promise.race([sleep(Math.max(1, next)), stop])) === null) break;
    }
    const [first] = infos;
    const last = infos.at(-1);
    if (first === undefined || last === undefined) {
      throw unusable('--from', 'at least one sample must be taken', 'none');
    }
    return { samples, first, last, inFlightBytes: inFlightBytes(infos), lost };
  } finally {
    server.close();
  }
}

function toInfo(label: string, reply: Reply): InfoSample {
  if (reply.type === 'error') throw unusable('--from', `${label} must answer INFO`, reply.text);
  const isText = reply.type === 'bulk' || reply.type === 'verbatim';
  const info = isText ? toInfoSample(Buffer.from(reply.value).toString()) : null;
  if (info === null) throw unusable('--from', `${label} must be a Redis server`, reply.type);
  return info;
}
