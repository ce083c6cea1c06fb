/**
 * Who listens to which channels, patterns and shard channels, and the messages they get.
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
  readonly shardChannels: Set<string>;
  /** Queue bytes of a push for sending. */
  send(bytes: Uint8Array): void;
}

/** Shard channels are others than the channels of the same names. */
type Form = 'channel' | 'pattern' | 'shard';

export class PubSub {
  readonly #channels = new Map<string, Set<Subscriber>>();
  readonly #patterns = new Map<
    string,
    { pattern: Buffer; glob: Glob; subscribers: Set<Subscriber> }
  >();

  readonly #shardChannels = new Map<string, Set<Subscriber>>();

  subscribe(subscriber: Subscriber, channel: Uint8Array): void {
    listen(this.#channels, subscriber.channels, subscriber, channel);
    confirm(subscriber, 'channel', 'subscribe', channel);
  }

  ssubscribe(subscriber: Subscriber, channel: Uint8Array): void {
    listen(this.#shardChannels, subscriber.shardChannels, subscriber, channel);
    confirm(subscriber, 'shard', 'ssubscribe', channel);
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
    confirm(subscriber, 'pattern', 'psubscribe', pattern);
  }

  /** @param channels - none: all of them; the subscriber gets a confirmation in any case. */
  unsubscribe(subscriber: Subscriber, channels: readonly Uint8Array[]): void {
    this.#unsubscribe(subscriber, 'channel', channels);
  }

  /** @param patterns - none: all of them; the subscriber gets a confirmation in any case. */
  punsubscribe(subscriber: Subscriber, patterns: readonly Uint8Array[]): void {
    this.#unsubscribe(subscriber, 'pattern', patterns);
  }

  /** @param channels - none: all of them; the subscriber gets a confirmation in any case. */
  sunsubscribe(subscriber: Subscriber, channels: readonly Uint8Array[]): void {
    this.#unsubscribe(subscriber, 'shard', channels);
  }

  /** Forget a subscriber that is gone, without a word to it. */
  drop(subscriber: Subscriber): void {
    for (const name of subscriber.channels) this.#remove(subscriber, 'channel', name);
    for (const name of subscriber.patterns) this.#remove(subscriber, 'pattern', name);
    for (const name of subscriber.shardChannels) this.#remove(subscriber, 'shard', name);
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

  /** @returns how many deliveries were made. */
  spublish(channel: Uint8Array, message: Uint8Array): number {
    const listeners = this.#shardChannels.get(nameOf(channel));
    if (listeners === undefined) return 0;
    return deliver(listeners, ['smessage', channel, message].map(reply.bulk));
  }

  /**
   * @returns the channels that have a subscriber, those that match if a pattern is given.
   */
  channels(pattern?: Uint8Array): Buffer[] {
    return matching(this.#channels, pattern);
  }

  shardChannels(pattern?: Uint8Array): Buffer[] {
    return matching(this.#shardChannels, pattern);
  }

  subscriberCount(channel: Uint8Array): number {
    return this.#channels.get(nameOf(channel))?.size ?? 0;
  }

  shardSubscriberCount(channel: Uint8Array): number {
    return this.#shardChannels.get(nameOf(channel))?.size ?? 0;
  }

  get shardChannelCount(): number {
    return this.#shardChannels.size;
  }

  get channelCount(): number {
    return this.#channels.size;
  }

  get patternCount(): number {
    return this.#patterns.size;
  }

  #unsubscribe(subscriber: Subscriber, form: Form, names: readonly Uint8Array[]): void {
    const kind = { channel: 'unsubscribe', pattern: 'punsubscribe', shard: 'sunsubscribe' }[form];
    const held = heldBy(subscriber, form);
    const leaving = names.length > 0 ? names : [...held].map((name) => Buffer.from(name, 'latin1'));
    for (const name of leaving) {
      this.#remove(subscriber, form, nameOf(name));
      confirm(subscriber, form, kind, name);
    }
    if (leaving.length === 0) confirm(subscriber, form, kind, null);
  }

  #remove(subscriber: Subscriber, form: Form, name: string): void {
    heldBy(subscriber, form).delete(name);
    if (form !== 'pattern') {
      const channels = form === 'channel' ? this.#channels : this.#shardChannels;
      const listeners = channels.get(name);
      listeners?.delete(subscriber);
      if (listeners?.size === 0) channels.delete(name);
    } else {
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

function heldBy(subscriber: Subscriber, form: Form): Set<string> {
  if (form === 'channel') return subscriber.channels;
  return form === 'pattern' ? subscriber.patterns : subscriber.shardChannels;
}

function listen(
  channels: Map<string, Set<Subscriber>>,
  held: Set<string>,
  subscriber: Subscriber,
  channel: Uint8Array,
): void {
  const name = nameOf(channel);
  held.add(name);
  const listeners = channels.get(name) ?? new Set();
  listeners.add(subscriber);
  channels.set(name, listeners);
}

function matching(channels: ReadonlyMap<string, unknown>, pattern?: Uint8Array): Buffer[] {
  const all = [...channels.keys()].map((name) => Buffer.from(name, 'latin1'));
  if (pattern === undefined) return all;
  const glob = new Glob(pattern);
  return all.filter((channel) => glob.matches(channel));
}

/** Shard channels are counted by themselves. */
function confirm(subscriber: Subscriber, form: Form, kind: string, name: Uint8Array | null): void {
  const { channels, patterns, shardChannels } = subscriber;
  const count = form === 'shard' ? shardChannels.size : channels.size + patterns.size;
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
