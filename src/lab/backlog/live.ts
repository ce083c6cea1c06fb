/** Sampling a server that runs: INFO, again and again, until there is enough or the operator says so. */
import { RingleaderError } from '../../base/errors.js';
import { realClock } from '../../io/clock.js';
import { RespLink } from '../../io/resp-link.js';
import type { Reply } from '../../resp/reply.js';
import { type InfoSample, inFlightBytes, parseInfo } from './info-sample.js';
import { unusable } from '../../base/errors.js';
import type { Sample } from './series.js';

export interface LiveOptions {
  readonly everyMs: number;
  readonly forMs: number;
  /** Resolves when to stop early; what was sampled is used. */
  readonly stopped: Promise<unknown>;
  readonly onSample: (count: number, sample: InfoSample) => void;
}

export interface LiveResult {
  readonly samples: readonly Sample[];
  readonly first: InfoSample;
  readonly last: InfoSample;
  readonly inFlightBytes: number;
}

/**
 * @param url - `redis://[user[:password]@]host[:port]`.
 * @throws RingleaderError CONFIG_INVALID: the URL is none, the server cannot be reached, refuses the
 * password, or is no Redis.
 */
export async function sampleServer(url: string, options: LiveOptions): Promise<LiveResult> {
  const { host, port, auth } = parseUrl(url);
  const server = await Server.connect(url, host, port);
  try {
    if (auth.length > 0) {
      const reply = await server.ask('AUTH', ...auth);
      if (reply.type === 'error') throw unusable('--from', 'the server must let us in', reply.text);
    }
    const stop = options.stopped.then(() => 'stopped' as const);
    const samples: Sample[] = [];
    const infos: InfoSample[] = [];
    const begin = realClock.monotonicMs();
    for (;;) {
      const askedAt = realClock.monotonicMs() - begin;
      const info = toInfo(url, await server.ask('INFO'));
      // The answer is of some moment between asking and hearing it.
      const at = (askedAt + realClock.monotonicMs() - begin) / 2;
      infos.push(info);
      samples.push({
        seconds: at / 1000,
        offset: info.offset,
        replicas: info.replicas.length,
        place: `sample ${samples.length + 1}`,
      });
      options.onSample(samples.length, info);
      if (at >= options.forMs) break;
      const next = begin + samples.length * options.everyMs - realClock.monotonicMs();
      if ((await Promise.race([sleep(Math.max(1, next)), stop])) === 'stopped') break;
    }
    const [first] = infos;
    const last = infos.at(-1);
    if (first === undefined || last === undefined) {
      throw unusable('--from', 'at least one sample must be taken', 'none');
    }
    return { samples, first, last, inFlightBytes: inFlightBytes(infos) };
  } finally {
    server.close();
  }
}

function parseUrl(text: string): { host: string; port: number; auth: string[] } {
  const rule = 'a server is redis://[user:password@]host[:port]';
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw unusable('--from', rule, JSON.stringify(text));
  }
  if (!['redis:', 'valkey:'].includes(url.protocol) || url.hostname === '') {
    throw unusable('--from', rule, JSON.stringify(text));
  }
  const words = [url.username, url.password].filter((word) => word !== '');
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 6379 : Number(url.port),
    auth: words.map(decodeURIComponent),
  };
}

function toInfo(url: string, reply: Reply): InfoSample {
  if (reply.type === 'error') throw unusable('--from', `${url} must answer INFO`, reply.text);
  const isText = reply.type === 'bulk' || reply.type === 'verbatim';
  const info = isText ? parseInfo(Buffer.from(reply.value).toString()) : null;
  if (info === null) throw unusable('--from', `${url} must be a Redis server`, reply.type);
  return info;
}

/** One connection, one question at a time. */
class Server {
  readonly #link: RespLink<(reply: Reply) => void>;
  #onLost: (error: Error) => void = () => {};

  private constructor(link: RespLink<(reply: Reply) => void>) {
    this.#link = link;
  }

  static connect(url: string, host: string, port: number): Promise<Server> {
    return new Promise((resolve, reject) => {
      let onLost: (error: Error) => void = reject;
      const link = RespLink.overTcp<(reply: Reply) => void>(host, port, {
        onOpen: () => {
          const server = new Server(link);
          onLost = (error) => server.#onLost(error);
          resolve(server);
        },
        onReply: (answer, reply) => answer(reply),
        onMessage: () => {},
        onClose: (why) => {
          onLost(new RingleaderError('CONFIG_INVALID', `cannot reach ${url}: ${why}`));
        },
      });
    });
  }

  ask(...args: string[]): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.#onLost = reject;
      this.#link.send(args, resolve);
    });
  }

  close(): void {
    this.#link.close();
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
