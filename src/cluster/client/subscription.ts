/**
 * A subscription: messages of channels and patterns, from whoever is master.
 *
 * It has a connection of its own, and another one to the next master when that is lost. What is
 * published in between is missed, as it is with Redis.
 */
import { RingleaderError } from '../../base/errors.js';
import { checkFunction, checkOptions, refusal } from '../../base/refuse.js';
import type { Clock, Millis } from '../../base/time.js';
import { encodeCommands } from '../../resp/encode-command.js';
import { ReplyParser } from '../../resp/parse.js';
import { type Reply, ReplyError } from '../../resp/reply.js';
import type { BytePort } from '../../runtime/connection.js';
import type { Words } from './command-rules.js';
import { noAnswer } from './own-connection.js';
import type { MasterSource } from './master-source.js';
import { text } from './value.js';

/** What was published. */
export interface ChannelMessage {
  readonly channel: string;
  readonly message: string;
  /** The pattern that it matches; null: the channel itself is subscribed to. */
  readonly pattern: string | null;
}

/** A channel, several, or patterns with them. */
export type Topics =
  | string
  | readonly string[]
  | { readonly channels?: readonly string[]; readonly patterns?: readonly string[] };

export interface SubscriptionSetup {
  readonly source: MasterSource;
  readonly clock: Clock;
  /** Commands that come first. */
  readonly greeting: readonly Words[];
  /** ms for the first subscription. */
  readonly forMs: Millis;
  onEnd(subscription: Subscription): void;
}

/** ms between two looks for a master. */
const LOOK_EVERY_MS = 5;

export class Subscription {
  readonly #setup: SubscriptionSetup;
  readonly #commands: readonly Words[];
  readonly #expected: number;
  readonly #listener: (message: ChannelMessage) => void;
  readonly #leave: () => void;
  #link: { readonly id: string; readonly port: BytePort } | null = null;
  #timer: NodeJS.Timeout | undefined;
  #confirmed = 0;
  #isClosed = false;
  #onFirst: ((error: Error | null) => void) | null = null;

  /** Use `client.subscribe()`. */
  constructor(
    setup: SubscriptionSetup,
    topics: Topics,
    listener: (message: ChannelMessage) => void,
  ) {
    checkFunction('the listener of subscribe()', listener);
    const { channels, patterns } = topicsOf(topics);
    this.#commands = [
      ...setup.greeting,
      ...(channels.length === 0 ? [] : [['SUBSCRIBE'].concat(channels)]),
      ...(patterns.length === 0 ? [] : [['PSUBSCRIBE'].concat(patterns)]),
    ];
    this.#expected = channels.length + patterns.length;
    this.#setup = setup;
    this.#listener = listener;
    this.#leave = setup.source.onChange((id) => {
      if (this.#link?.id !== id) this.#reconnect();
    });
  }

  /** Resolves when the first master has confirmed it. */
  async begin(): Promise<void> {
    const { forMs, source } = this.#setup;
    const timer = setTimeout(
      () => this.#fail(noAnswer(source, forMs)),
      Math.min(forMs, 2 ** 31 - 1),
    );
    try {
      await new Promise<void>((resolve, reject) => {
        this.#onFirst = (error) => (error === null ? resolve() : reject(error));
        this.#connect();
      });
    } finally {
      clearTimeout(timer);
    }
  }

  /** End it: the listener is not called any more. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#leave();
    this.#link?.port.close();
    this.#tellFirst(new RingleaderError('CLOSED', 'the client is closed'));
    this.#setup.onEnd(this);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #connect(): void {
    if (this.#isClosed) return;
    const link = this.#setup.source.connect();
    if (link === null) {
      this.#timer = setTimeout(() => this.#connect(), LOOK_EVERY_MS);
      return;
    }
    this.#link = link;
    this.#confirmed = 0;
    const parser = new ReplyParser();
    link.port.on('message', (bytes) => {
      if (this.#link !== link) return;
      try {
        for (const reply of parser.feed(bytes)) this.#receive(reply);
      } catch {
        link.port.close(); // Not RESP.
      }
    });
    link.port.on('close', () => {
      if (this.#link === link) this.#reconnect();
    });
    link.port.postMessage(new Uint8Array(encodeCommands(this.#commands)));
  }

  #reconnect(): void {
    if (this.#isClosed) return;
    this.#link?.port.close();
    this.#link = null;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#connect(), LOOK_EVERY_MS);
  }

  #receive(reply: Reply): void {
    if (reply.type === 'error') {
      if (/^(LOADING|MASTERDOWN) /.test(reply.text)) this.#reconnect();
      else this.#fail(new ReplyError(reply.text));
      return;
    }
    if (reply.type !== 'array' && reply.type !== 'push') return;
    const [kind, ...words] = reply.items.map((item) =>
      item.type === 'bulk' ? text(item.value) : '',
    );
    if (kind === 'subscribe' || kind === 'psubscribe') {
      this.#confirmed += 1;
      if (this.#confirmed === this.#expected) this.#tellFirst(null);
    } else if (kind === 'message') {
      const [channel = '', message = ''] = words;
      this.#tell({ channel, message, pattern: null });
    } else if (kind === 'pmessage') {
      const [pattern = '', channel = '', message = ''] = words;
      this.#tell({ channel, message, pattern });
    }
  }

  /** What a listener throws is its own matter: the messages behind it come all the same. */
  #tell(message: ChannelMessage): void {
    queueMicrotask(() => {
      if (!this.#isClosed) this.#listener(message);
    });
  }

  /** Before the first confirmation only. */
  #fail(error: Error): void {
    if (this.#onFirst === null) return;
    this.#tellFirst(error);
    this.close();
  }

  #tellFirst(error: Error | null): void {
    this.#onFirst?.(error);
    this.#onFirst = null;
  }
}

/** @throws RingleaderError CONFIG_INVALID */
function topicsOf(topics: unknown): { channels: readonly string[]; patterns: readonly string[] } {
  const isList = typeof topics === 'string' || Array.isArray(topics);
  if (!isList) checkOptions('subscribe()', topics, ['channels', 'patterns']);
  const given = new Map<string, unknown>(
    Object.entries(isList ? { channels: topics } : Object(topics)),
  );
  const channels = namesOf('channels', given.get('channels') ?? []);
  const patterns = namesOf('patterns', given.get('patterns') ?? []);
  if (channels.length + patterns.length > 0) return { channels, patterns };
  throw refusal('subscribe()', 'at least one channel or pattern', 'none');
}

function namesOf(what: string, given: unknown): string[] {
  const names: unknown[] = Array.isArray(given) ? given : [given];
  if (names.every((name) => typeof name === 'string')) return names;
  throw refusal(what, 'an array of strings', given);
}
