/**
 * The in-process client: commands to whoever is master, over a MessagePort instead of a socket.
 *
 * It follows failovers (`orders.ts`). Its connection is shared by all its callers and changes with
 * the master, so nothing may live in it: see `command-rules.ts`. What has to has a connection of
 * its own: sessions and subscriptions.
 */
import { limitArguments } from '../../base/argument-count.js';
import { checkFunction, checkOptions, refusal } from '../../base/refuse.js';
import type { Clock, Millis } from '../../base/time.js';
import { type Reply, ReplyError } from '../../resp/reply.js';
import { type ClientOptions, waitsOf } from './client-options.js';
import {
  type Argument,
  checkCommand,
  type CommandLine,
  toTransaction,
  toWords,
  type Words,
} from './command-rules.js';
import type { MasterSource } from './master-source.js';
import { closed, Orders } from './orders.js';
import { openOwn } from './own-connection.js';
import { execReply, Session } from './session.js';
import { type ChannelMessage, Subscription, type Topics } from './subscription.js';
import { text, toValue, type Value } from './value.js';

/** Keys of one DEL: while a node works on it, others wait, and its sentinels count the silence. */
const KEYS_PER_DEL = 10_000;
const DEL: string | Uint8Array = 'DEL';
export class Client {
  readonly #source: MasterSource;
  readonly #clock: Clock;
  /** What comes first on every connection. */
  readonly #greeting: readonly Words[];
  readonly #retryForMs: Millis;
  readonly #timeoutMs: Millis;
  readonly #orders: Orders;
  /** Sessions and subscriptions, which end with the client. */
  readonly #own = new Set<{ close(): void }>();
  #closed = false;

  /** @param options - checked by the caller (`checkClientOptions`). */
  constructor(source: MasterSource, clock: Clock, options: ClientOptions = {}) {
    const { retryForMs, timeoutMs } = waitsOf(options);
    this.#source = source;
    this.#clock = clock;
    this.#greeting = greetingOf(source, options.password);
    this.#retryForMs = retryForMs;
    this.#timeoutMs = timeoutMs;
    this.#orders = new Orders(source, clock, { retryForMs, timeoutMs, greeting: this.#greeting });
  }

  /** @returns the string at `key`, or null. */
  async get(key: string | Uint8Array): Promise<string | null> {
    const reply = await this.send(['GET', key]);
    return reply.type === 'bulk' ? text(reply.value) : null;
  }

  /**
   * @param value - numbers are stored in decimal; objects are not stored: there is no codec here.
   * @param options - `ttl`: ms after which the key is gone.
   */
  async set(
    key: string | Uint8Array,
    value: Argument,
    options: { readonly ttl?: Millis } = {},
  ): Promise<void> {
    checkOptions('set()', options, ['ttl']);
    const { ttl } = options;
    if (ttl !== undefined && (!Number.isSafeInteger(ttl) || ttl < 1)) {
      throw refusal('ttl', 'a whole number of ms, 1 or more', ttl);
    }
    await this.send(ttl === undefined ? ['SET', key, value] : ['SET', key, value, 'PX', ttl]);
  }

  /**
   * @param keys - keys, or arrays of keys: an array may be as long as you like. More than 10,000
   * are deleted in several steps.
   * @returns how many of the keys there were.
   */
  async del(...keys: readonly (string | Uint8Array | readonly string[])[]): Promise<number> {
    if (keys.length === 0) throw refusal('del()', 'at least one key, or an array', undefined);
    const all: (string | Uint8Array)[] = [];
    for (const each of keys) {
      if (typeof each === 'string' || each instanceof Uint8Array) all.push(each);
      else if (Array.isArray(each)) for (const key of each) all.push(key);
      else throw refusal('a key', 'a string, bytes, or an array of keys', each);
    }
    let count = 0;
    for (let i = 0; i < all.length; i += KEYS_PER_DEL) {
      count += integer(await this.send([DEL].concat(all.slice(i, i + KEYS_PER_DEL))));
    }
    return count;
  }

  /** @returns the number after adding 1 (a missing key counts as 0). */
  async incr(key: string | Uint8Array): Promise<number> {
    return integer(await this.send(['INCR', key]));
  }

  /**
   * Any command that leaves nothing behind in the connection: `call('HSET', 'user:1', 'name',
   * 'Ada')`. What is issued in one turn of the event loop leaves together.
   *
   * @throws ReplyError: the node's refusal, with Redis' text.
   * @throws RingleaderError CONNECTION_LOST: it may have been executed, or not. Not for reads,
   * which are asked again of the next master.
   * @throws RingleaderError TIMEOUT: it was sent, and not answered in time: as for CONNECTION_LOST.
   * @throws RingleaderError NO_MASTER: it was not executed; no node took it in the time allowed.
   * @throws RingleaderError CONFIG_INVALID: it is no command, or one for `multi`, `session` or
   * `subscribe`.
   * @throws RingleaderError CLOSED: the client was closed.
   */
  async call(name: string, ...args: readonly Argument[]): Promise<Value> {
    return toValue(await this.send([name, ...args]));
  }

  /** As `call`, but with the reply as it came: bulk strings as bytes. */
  request(...args: readonly Argument[]): Promise<Reply> {
    return this.send(args);
  }

  /** As `request`, with the words in an array, which may be as long as you like. */
  async send(args: readonly Argument[]): Promise<Reply> {
    const words = toWords(args);
    checkCommand(words, 'client');
    const [reply] = await this.#orders.place([words]);
    if (reply!.type === 'error') throw new ReplyError(reply.text);
    return reply!;
  }

  /**
   * A transaction: these commands, executed together and by themselves (MULTI … EXEC), sent as one.
   *
   * @example
   * await client.multi([['INCR', 'visits'], ['SET', 'last', name]]); // [8, 'OK']
   *
   * @returns the replies. A command that fails within has a ReplyError in its place.
   * @throws as `call`; a command that is refused before leaves all others undone.
   */
  multi(commands: readonly CommandLine[]): Promise<Value[]>;
  /**
   * The same with what was read before: nothing is executed if a watched key has changed since.
   *
   * @example
   * await client.multi(async (session) => {
   *   const balance = Number(await session.call('GET', 'balance'));
   *   return [['SET', 'balance', balance * 2]];
   * }, { watch: ['balance'] }); // null: it was changed meanwhile. Try again.
   */
  multi(
    compute: (session: Session) => readonly CommandLine[] | Promise<readonly CommandLine[]>,
    options: { readonly watch: readonly string[] },
  ): Promise<Value[] | null>;
  async multi(
    commands:
      | readonly CommandLine[]
      | ((session: Session) => readonly CommandLine[] | Promise<readonly CommandLine[]>),
    options: { readonly watch?: readonly string[] } = {},
  ): Promise<Value[] | null> {
    checkOptions('multi()', options, ['watch']);
    const { watch } = options;
    if (typeof commands !== 'function') {
      if (watch === undefined) {
        const queued = toTransaction(commands);
        return execReply(await this.#orders.place([['MULTI'], ...queued, ['EXEC']]));
      }
      throw refusal('watch', 'with a function, which reads what is watched and returns', commands);
    }
    if (!Array.isArray(watch) || watch.length === 0) {
      throw refusal('watch', 'an array of the keys that the function reads', watch);
    }
    const session = await this.session();
    try {
      await session.watch(watch);
      return await session.exec(await commands(session));
    } finally {
      session.close();
    }
  }

  /**
   * A connection of its own, for what lives in a connection: SELECT, WATCH and MULTI, WAIT. It does
   * not follow failovers; when its connection is lost, it is over. Close it.
   *
   * @throws RingleaderError NO_MASTER, CLOSED
   */
  async session(): Promise<Session> {
    const connection = await openOwn(this.#search());
    const session = new Session({
      ...connection,
      clock: this.#clock,
      timeoutMs: this.#timeoutMs,
      onChange: (callback) => this.#source.onChange(callback),
      onEnd: () => this.#own.delete(session),
    });
    this.#own.add(session);
    return session;
  }

  /**
   * Listen to channels and patterns, on a connection of its own that follows failovers. What is
   * published while there is no master is missed. Close it.
   *
   * @example
   * const subscription = await client.subscribe('news', ({ message }) => console.log(message));
   * await client.subscribe({ patterns: ['user:*'] }, ({ channel, message }) => {});
   *
   * @returns when the master has confirmed it.
   * @throws RingleaderError NO_MASTER, CLOSED, CONFIG_INVALID
   */
  async subscribe(
    topics: Topics,
    listener: (message: ChannelMessage) => void,
  ): Promise<Subscription> {
    checkFunction('the listener of subscribe()', listener);
    if (this.#closed) throw closed();
    const setup = { ...this.#search(), onEnd: (ended: Subscription) => this.#own.delete(ended) };
    const subscription = new Subscription(setup, topics, listener);
    this.#own.add(subscription);
    await subscription.begin();
    return subscription;
  }

  /** Close; what is unanswered is rejected with CLOSED. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#orders.close();
    for (const own of this.#own) own.close();
    this.#source.onClosed?.();
  }

  #search() {
    return {
      source: this.#source,
      clock: this.#clock,
      greeting: this.#greeting,
      forMs: Math.min(this.#retryForMs, this.#timeoutMs),
      isClosed: () => this.#closed,
    };
  }
}

function greetingOf(source: MasterSource, password: string | undefined): readonly Words[] {
  const login = password === undefined ? [] : [['AUTH', password]];
  return [...login, ...(source.greeting ?? [])];
}

limitArguments(Client, { get: 1, set: 3, incr: 1, send: 1, multi: 2, session: 0, subscribe: 2 });

function integer(reply: Reply): number {
  return reply.type === 'integer' ? Number(reply.value) : Number.NaN;
}
