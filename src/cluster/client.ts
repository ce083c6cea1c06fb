/**
 * The in-process client: commands to whoever is master, over a MessagePort instead of a socket.
 *
 * It follows failovers. A command that was certainly not executed (it had not left, or the node
 * refused it as no master of writes) is tried again, for a bounded time; one that had left and was
 * not answered may have been executed, and only the caller knows whether twice is harmful: it is
 * rejected with CONNECTION_LOST, or, if the connection lives and says nothing, with TIMEOUT.
 *
 * Its connection is shared by all its callers and changes with the master, so nothing may live in
 * it: see `command-rules.ts`. What has to has a connection of its own: sessions and subscriptions.
 */
import { limitArguments } from '../base/argument-count.js';
import { RingleaderError } from '../base/errors.js';
import { checkFunction, checkOptions, refusal } from '../base/refuse.js';
import type { Clock, Millis } from '../base/time.js';
import { type Reply, ReplyError } from '../resp/reply.js';
import { Channel } from './channel.js';
import { type ClientOptions, waitsOf } from './client-options.js';
import {
  type Argument,
  checkCommand,
  type CommandLine,
  toTransaction,
  toWords,
  type Words,
} from './command-rules.js';
import { Deadlines, type Due } from './deadlines.js';
import type { MasterSource } from './master-source.js';
import { openOwn } from './own-connection.js';
import { execReply, Session, timedOut } from './session.js';
import { type ChannelMessage, Subscription, type Topics } from './subscription.js';
import { text, toValue, type Value } from './value.js';

/** What a caller asked for: one command, or MULTI … EXEC. */
interface Order extends Due {
  readonly commands: readonly Words[];
  readonly giveUpAt: Millis;
  /** It is on its way, so it may be executed. */
  hasLeft: boolean;
  /** The caller knows its outcome. */
  isOver: boolean;
  /** @param replies - one for each command. */
  resolve(replies: readonly Reply[]): void;
  reject(error: Error): void;
}

/** ms between two looks for a master while there is none. */
const RETRY_EVERY_MS = 5;
/**
 * ms after a connection was lost before there is another, unless a new master is announced. A dying
 * thread closes its connections before it is known to be dead; what is sent to it then is lost too.
 */
const COOL_OFF_MS = 20;
/** ms for a former master to answer what it was sent as master. */
const GRACE_MS = 100;
/** Keys of one DEL: while a node works on it, others wait, and its sentinels count the silence. */
const KEYS_PER_DEL = 10_000;
const DEL: string | Uint8Array = 'DEL';
/** Commands that can be repeated when it is not known whether they were executed. */
const READS: ReadonlySet<string> = new Set(
  'get mget exists strlen ttl pttl expiretime pexpiretime type ping echo'.split(' '),
);

/** Replies of a node that has not executed the command, and that another node, or time, may. */
const NOT_EXECUTED = /^(READONLY|LOADING|MASTERDOWN) /;

export class Client {
  readonly #source: MasterSource;
  readonly #clock: Clock;
  readonly #password: string | undefined;
  readonly #retryForMs: Millis;
  readonly #timeoutMs: Millis;
  readonly #unsubscribe: () => void;
  /** Of what has an outcome to come. */
  readonly #deadlines: Deadlines<Order>;
  /** Sessions and subscriptions, which end with the client. */
  readonly #own = new Set<{ close(): void }>();
  #link: { readonly id: string; readonly channel: Channel } | null = null;
  /** Monotonic ms; no new connection before. */
  #connectFrom: Millis = 0;
  /** The node that the last connection was lost to, until it has answered on another one. */
  #suspect: string | null = null;
  /** Of former masters, until they have answered or their time is up. */
  readonly #left = new Set<Channel>();
  /** Orders that wait for a master, oldest first. */
  #retryQueue: Order[] = [];
  #retryTimer: NodeJS.Timeout | null = null;
  #closed = false;

  /** @param options - checked by the caller (`checkClientOptions`). */
  constructor(source: MasterSource, clock: Clock, options: ClientOptions = {}) {
    const { retryForMs, timeoutMs } = waitsOf(options);
    this.#source = source;
    this.#clock = clock;
    this.#password = options.password;
    this.#retryForMs = retryForMs;
    this.#timeoutMs = timeoutMs;
    this.#deadlines = new Deadlines(clock, (order) => this.#onDue(order));
    this.#unsubscribe = source.onChange((id) => {
      if (this.#link !== null && this.#link.id !== id) this.#leave(this.#link.channel);
      this.#connectFrom = 0;
      this.#rehome();
    });
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
    const [reply] = await this.#order([words]);
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
        return execReply(await this.#order([['MULTI'], ...queued, ['EXEC']]));
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
    this.#unsubscribe();
    this.#deadlines.close();
    if (this.#retryTimer !== null) clearTimeout(this.#retryTimer);
    for (const order of this.#retryQueue) order.reject(closed());
    this.#retryQueue = [];
    this.#link?.channel.close();
    for (const channel of this.#left) channel.close();
    for (const own of this.#own) own.close();
    this.#source.onClosed?.();
  }

  #search() {
    return {
      source: this.#source,
      clock: this.#clock,
      password: this.#password,
      forMs: Math.min(this.#retryForMs, this.#timeoutMs),
      isClosed: () => this.#closed,
    };
  }

  #order(commands: readonly Words[]): Promise<readonly Reply[]> {
    if (this.#closed) return Promise.reject(closed());
    return new Promise((resolve, reject) => {
      const now = this.#clock.monotonicMs();
      const giveUpAt = now + this.#retryForMs;
      const deadlineAt = now + this.#timeoutMs;
      const order: Order = {
        commands,
        giveUpAt,
        deadlineAt,
        hasLeft: false,
        isOver: false,
        resolve,
        reject,
      };
      if (deadlineAt < Infinity) this.#deadlines.add(order);
      this.#issue(order);
    });
  }

  /** Its time is up. Whatever comes of it later is not told. */
  #onDue(order: Order): void {
    order.isOver = true;
    order.reject(
      order.hasLeft ? timedOut(nameOf(order), this.#timeoutMs) : noMaster(nameOf(order)),
    );
  }

  #issue(order: Order): void {
    // Behind those that wait, so that their order is kept; and one of many asks for a connection.
    const channel = this.#retryQueue.length > 0 ? null : this.#channel();
    if (channel === null) {
      this.#keep(order);
      return;
    }
    order.hasLeft = true;
    const replies: Reply[] = [];
    const last = order.commands.length - 1;
    // All in one turn, so they leave as one message, with nothing of others between them.
    for (const [i, words] of order.commands.entries()) {
      channel.request(words, {
        onReply: (reply) => {
          replies.push(reply);
          if (i === last) this.#onReplies(order, replies);
        },
        onLost: (left) => {
          if (i === last) this.#onLost(order, left);
        },
      });
    }
  }

  #onReplies(order: Order, replies: readonly Reply[]): void {
    if (order.isOver) return;
    const isRefused = replies.at(-1)?.type === 'error' && this.#source.isReadOnly?.() !== true;
    if (isRefused && replies.some(isForAnother)) this.#keep(order);
    else this.#end(order).resolve(replies);
  }

  #onLost(order: Order, left: boolean): void {
    if (order.isOver) return;
    if (this.#closed) this.#end(order).reject(closed());
    else if (!left || isRead(order)) this.#keep(order);
    else {
      this.#end(order).reject(
        new RingleaderError(
          'CONNECTION_LOST',
          `${nameOf(order)} was sent, and the connection lost before its reply: it may have been executed`,
        ),
      );
    }
  }

  #end(order: Order): Order {
    order.isOver = true;
    this.#deadlines.delete(order);
    return order;
  }

  #keep(order: Order): void {
    order.hasLeft = false;
    this.#retryQueue.push(order);
    this.#scheduleRetry();
  }

  #channel(): Channel | null {
    if (this.#link !== null && !this.#link.channel.isClosed) {
      return this.#link.id === this.#suspect ? null : this.#link.channel;
    }
    if (this.#clock.monotonicMs() < this.#connectFrom) return null;
    const found = this.#source.connect();
    if (found === null) return null;
    const channel = new Channel(found.port);
    channel.onClose = () => {
      this.#connectFrom = this.#clock.monotonicMs() + COOL_OFF_MS;
      this.#suspect = found.id;
    };
    this.#link = { id: found.id, channel };
    const password = this.#password;
    // A refusal shows in the commands behind it, as NOAUTH.
    if (password !== undefined) {
      channel.request(['AUTH', password], { onReply: () => {}, onLost: () => {} });
    }
    if (found.id !== this.#suspect) return channel;
    // A thread that ends takes connections until it is known to be dead, and what is sent on them
    // is lost. So it gets nothing that matters before it has shown that it lives.
    channel.request(['PING'], {
      onReply: () => {
        this.#suspect = null;
        this.#rehome();
      },
      onLost: () => {},
    });
    return null;
  }

  /**
   * The channel's node is master no more. What it still owes, a refusal mostly, it says within
   * moments or never: frozen and fenced, for one.
   */
  #leave(channel: Channel): void {
    this.#link = null;
    this.#left.add(channel);
    const timer = setTimeout(() => channel.close(), GRACE_MS);
    channel.onClose = () => {
      clearTimeout(timer);
      this.#left.delete(channel);
    };
  }

  #scheduleRetry(): void {
    this.#retryTimer ??= setTimeout(() => this.#rehome(), RETRY_EVERY_MS);
  }

  /** Send again what waits, and give up what has waited too long. */
  #rehome(): void {
    if (this.#retryTimer !== null) clearTimeout(this.#retryTimer);
    this.#retryTimer = null;
    const now = this.#clock.monotonicMs();
    const waiting = this.#retryQueue;
    this.#retryQueue = [];
    for (const order of waiting) {
      if (order.isOver) continue;
      if (now < order.giveUpAt) this.#issue(order);
      else this.#end(order).reject(noMaster(nameOf(order)));
    }
  }
}

limitArguments(Client, { get: 1, set: 3, incr: 1, send: 1, multi: 2, session: 0, subscribe: 2 });

/** Whether the node refuses what another, or the same one later, may execute. */
function isForAnother(reply: Reply): boolean {
  return reply.type === 'error' && NOT_EXECUTED.test(reply.text);
}

function isRead({ commands }: Order): boolean {
  return commands.length === 1 && READS.has(text(commands[0]![0]!).toLowerCase());
}

/** For people: the command's, or what it is a transaction of. */
function nameOf({ commands }: Order): string {
  const [first] = commands;
  const name = text(first?.[0] ?? '');
  return commands.length === 1 ? name : `a transaction of ${commands.length - 2} commands`;
}

function integer(reply: Reply): number {
  return reply.type === 'integer' ? Number(reply.value) : Number.NaN;
}

function noMaster(name: string): RingleaderError {
  return new RingleaderError('NO_MASTER', `no node has taken ${name}: there is no master`);
}

function closed(): RingleaderError {
  return new RingleaderError('CLOSED', 'the client is closed');
}
