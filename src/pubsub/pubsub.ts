/**
 * Who listens to which channels and patterns, and the messages they get.
 *
 * A message is encoded once for each protocol and form, not once for each listener. The order of
 * deliveries is Redis': first those subscribed to the channel, then those whose pattern matches,
 * each in the order they subscribed; who is subscribed twice over gets it twice.
 *
 * @see redis/redis 7.0 src/pubsub.c
 */
import { Glob } from '../base/glob.js';
import { type RespVersion, replyBytes } from '../resp/encode.js';
import { type Reply, reply } from '../resp/reply.js';

/** Who can be subscribed: a client of a node or of a sentinel. */
export interface Subscriber {
  readonly resp: RespVersion;
  /** Owned by PubSub, one byte per character (latin1). */
  readonly channels: Set<string>;
  readonly patterns: Set<string>;
  /** Queue bytes of a push for sending. */
  send(bytes: Uint8Array): void;
}

type Form = 'channel' | 'pattern';

export class PubSub {
  readonly #channels = new Map<string, Set<Subscriber>>();
  readonly #patterns = new Map<
    string,
    { pattern: Buffer; glob: Glob; subscribers: Set<Subscriber> }
  >();

  subscribe(subscriber: Subscriber, channel: Uint8Array): void {
    const name = nameOf(channel);
    subscriber.channels.add(name);
    const listeners = this.#channels.get(name) ?? new Set();
    listeners.add(subscriber);
    this.#channels.set(name, listeners);
    confirm(subscriber, 'subscribe', channel);
  }

  psubscribe(subscriber: Subscriber, pattern: Uint8Array): void {
    const name = nameOf(pattern);
    subscriber.patterns.add(name);
    const entry = this.#patterns.get(name) ?? {
      pattern: Buffer.from(pattern),
      glob: new Glob(pattern),
      subscribers: new Set(),
    };
    entry.subscribers.add(subscriber);
    this.#patterns.set(name, entry);
    confirm(subscriber, 'psubscribe', pattern);
  }

  /** @param channels - none: all of them; the subscriber gets a confirmation in any case. */
  unsubscribe(subscriber: Subscriber, channels: readonly Uint8Array[]): void {
    this.#unsubscribe(subscriber, 'channel', channels);
  }

  /** @param patterns - none: all of them; the subscriber gets a confirmation in any case. */
  punsubscribe(subscriber: Subscriber, patterns: readonly Uint8Array[]): void {
    this.#unsubscribe(subscriber, 'pattern', patterns);
  }

  /** Forget a subscriber that is gone, without a word to it. */
  drop(subscriber: Subscriber): void {
    for (const name of subscriber.channels) this.#remove(subscriber, 'channel', name);
    for (const name of subscriber.patterns) this.#remove(subscriber, 'pattern', name);
  }

  /** @returns how many deliveries were made. */
  publish(channel: Uint8Array, message: Uint8Array | string): number {
    let receivers = 0;
    const listeners = this.#channels.get(nameOf(channel));
    if (listeners !== undefined) {
      receivers += deliver(listeners, [
        reply.bulk('message'),
        reply.bulk(channel),
        reply.bulk(message),
      ]);
    }
    for (const { pattern, glob, subscribers } of this.#patterns.values()) {
      if (!glob.matches(channel)) continue;
      receivers += deliver(subscribers, [
        reply.bulk('pmessage'),
        reply.bulk(pattern),
        reply.bulk(channel),
        reply.bulk(message),
      ]);
    }
    return receivers;
  }

  /**
   * @returns the channels that have a subscriber, those that match if a pattern is given.
   */
  channels(pattern?: Uint8Array): Buffer[] {
    const all = [...this.#channels.keys()].map((name) => Buffer.from(name, 'latin1'));
    if (pattern === undefined) return all;
    const glob = new Glob(pattern);
    return all.filter((channel) => glob.matches(channel));
  }

  subscriberCount(channel: Uint8Array): number {
    return this.#channels.get(nameOf(channel))?.size ?? 0;
  }

  get channelCount(): number {
    return this.#channels.size;
  }

  get patternCount(): number {
    return this.#patterns.size;
  }

  #unsubscribe(subscriber: Subscriber, form: Form, names: readonly Uint8Array[]): void {
    const kind = form === 'channel' ? 'unsubscribe' : 'punsubscribe';
    const held = form === 'channel' ? subscriber.channels : subscriber.patterns;
    const leaving = names.length > 0 ? names : [...held].map((name) => Buffer.from(name, 'latin1'));
    for (const name of leaving) {
      this.#remove(subscriber, form, nameOf(name));
      confirm(subscriber, kind, name);
    }
    if (leaving.length === 0) confirm(subscriber, kind, null);
  }

  #remove(subscriber: Subscriber, form: Form, name: string): void {
    if (form === 'channel') {
      subscriber.channels.delete(name);
      const listeners = this.#channels.get(name);
      listeners?.delete(subscriber);
      if (listeners?.size === 0) this.#channels.delete(name);
    } else {
      subscriber.patterns.delete(name);
      const entry = this.#patterns.get(name);
      entry?.subscribers.delete(subscriber);
      if (entry?.subscribers.size === 0) this.#patterns.delete(name);
    }
  }
}

function deliver(subscribers: ReadonlySet<Subscriber>, items: readonly Reply[]): number {
  const encoded: { 2: Buffer | null; 3: Buffer | null } = { 2: null, 3: null };
  for (const subscriber of subscribers) {
    const bytes = encoded[subscriber.resp] ?? replyBytes(reply.push(items), subscriber.resp);
    encoded[subscriber.resp] = bytes;
    subscriber.send(bytes);
  }
  return subscribers.size;
}

function confirm(subscriber: Subscriber, kind: string, name: Uint8Array | null): void {
  const count = subscriber.channels.size + subscriber.patterns.size;
  const items = [
    reply.bulk(kind),
    name === null ? reply.null : reply.bulk(name),
    reply.integer(count),
  ];
  subscriber.send(replyBytes(reply.push(items), subscriber.resp));
}

function nameOf(channel: Uint8Array): string {
  return Buffer.from(channel.buffer, channel.byteOffset, channel.byteLength).toString('latin1');
}
