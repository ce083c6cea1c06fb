/**
 * A connection of its own to the master, for what cannot share one: found, opened and tried.
 *
 * A thread that is ending still takes connections, and what is sent on them is lost; a frozen one
 * takes them and never answers. So a connection counts when it has answered a PING, and the search
 * goes on until then, or until the time is up.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { RingleaderError } from '../../base/errors.js';
import type { Clock, Millis } from '../../base/time.js';
import { type Reply, ReplyError } from '../../resp/reply.js';
import { Channel } from './channel.js';
import type { Words } from './command-rules.js';
import type { MasterSource } from './master-source.js';

export interface OwnConnection {
  /** The node. */
  readonly id: string;
  readonly channel: Channel;
}

export interface SearchOptions {
  readonly source: MasterSource;
  readonly clock: Clock;
  /** Commands that come first. */
  readonly greeting: readonly Words[];
  /** ms to search. */
  readonly forMs: Millis;
  isClosed(): boolean;
}

/** ms between two looks. */
const LOOK_EVERY_MS = 5;

/**
 * @throws RingleaderError NO_MASTER: none was found in time. CLOSED: the client was closed.
 * @throws ReplyError: the node refuses it (a wrong password).
 */
export async function openOwn(options: SearchOptions): Promise<OwnConnection> {
  const { source, clock, forMs } = options;
  const giveUpAt = clock.monotonicMs() + forMs;
  for (;;) {
    if (options.isClosed()) throw new RingleaderError('CLOSED', 'the client is closed');
    const leftMs = giveUpAt - clock.monotonicMs();
    if (leftMs <= 0) {
      throw noAnswer(source, forMs);
    }
    const found = source.connect();
    if (found !== null) {
      const channel = new Channel(found.port);
      const answer = await tried(channel, source, options.greeting, leftMs);
      if (answer === 'good') return { id: found.id, channel };
      channel.close();
      if (answer !== 'silent') throw new ReplyError(answer.text);
    }
    await sleep(LOOK_EVERY_MS);
  }
}

/** NO_MASTER, with why if that is known. */
export function noAnswer(source: MasterSource, forMs: Millis): RingleaderError {
  const why = source.failure?.() ?? null;
  const text = `no master has answered within ${forMs} ms`;
  return new RingleaderError('NO_MASTER', why === null ? text : `${text}: ${why}`);
}

/** @returns 'silent': it is lost, loading, or another node has become master meanwhile. */
async function tried(
  channel: Channel,
  source: MasterSource,
  greeting: readonly Words[],
  leftMs: Millis,
): Promise<'good' | 'silent' | { readonly text: string }> {
  let end: (() => void) | undefined;
  const isOver = new Promise<null>((resolve) => {
    const timer = setTimeout(() => resolve(null), Math.min(leftMs, 2 ** 31 - 1));
    const leave = source.onChange(() => resolve(null));
    end = () => {
      clearTimeout(timer);
      leave();
    };
  });
  const asked = [...greeting, ['PING']].map((words) => request(channel, words));
  const replies = await Promise.race([Promise.all(asked), isOver]);
  end?.();
  const bad = replies?.find((reply) => reply?.type === 'error');
  if (bad?.type === 'error' && !/^(LOADING|MASTERDOWN) /.test(bad.text)) return bad;
  return replies !== null && replies.at(-1)?.type === 'simple' ? 'good' : 'silent';
}

function request(channel: Channel, words: Words): Promise<Reply | null> {
  return new Promise((resolve) => {
    channel.request(words, { onReply: resolve, onLost: () => resolve(null) });
  });
}
