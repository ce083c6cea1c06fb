/**
 * The in-process client: commands to whoever is master, over a MessagePort instead of a socket.
 *
 * It follows failovers. A command that was certainly not executed (it had not left, or the node
 * refused it as no master of writes) is tried again, for a bounded time; one that had left and was
 * not answered may have been executed, and only the caller knows whether twice is harmful: it is
 * rejected with CONNECTION_LOST.
 */
import { RingleaderError } from '../base/errors.js';
import type { Clock, Millis } from '../base/time.js';
import { type Reply, ReplyError } from '../resp/reply.js';
import type { BytePort } from '../runtime/connection.js';
import { Channel } from './channel.js';
import { text, toValue, type Value } from './value.js';

/** Where the client finds the master. */
export interface MasterSource {
  /** A new connection to the present master; null: there is none that can be reached. */
  connect(): { readonly id: string; readonly port: BytePort } | null;
  /** Calls back with the id of each new master, until the function returned is called. */
  onChange(callback: (id: string) => void): () => void;
}

export interface ClientOptions {
  /** ms for which a command is kept while no master takes it; then NO_MASTER. Default 5000. */
  readonly retryForMs?: Millis;
  /** Sent first on every connection. */
  readonly password?: string;
}

type Argument = string | number | bigint | Uint8Array;

interface Command {
  readonly args: readonly (string | Uint8Array)[];
  readonly giveUpAt: Millis;
  resolve(reply: Reply): void;
  reject(error: Error): void;
}

const DEFAULT_RETRY_FOR_MS = 5_000;
/** ms between two looks for a master while there is none. */
const RETRY_EVERY_MS = 5;
/**
 * ms after a connection was lost before there is another, unless a new master is announced. A dying
 * thread closes its connections before it is known to be dead; what is sent to it then is lost too.
 */
const COOL_OFF_MS = 20;
/** ms for a former master to answer what it was sent as master. */
const GRACE_MS = 100;
/** Commands that can be repeated when nobody knows whether they were executed. */
const READS: ReadonlySet<string> = new Set(
  'get mget exists strlen ttl pttl expiretime pexpiretime type ping echo'.split(' '),
);

/** Replies of a node that has not executed the command, and that another node, or time, may. */
const NOT_EXECUTED = /^(READONLY|LOADING|MASTERDOWN) /;

export class Client {
  readonly #source: MasterSource;
  readonly #clock: Clock;
  readonly #options: ClientOptions;
  readonly #unsubscribe: () => void;
  #link: { readonly id: string; readonly channel: Channel } | null = null;
  /** Monotonic ms; no new connection before. */
  #connectFrom: Millis = 0;
  /** The node that the last connection was lost to, until it has answered on another one. */
  #suspect: string | null = null;
  /** Of former masters, until they have answered or their time is up. */
  readonly #left = new Set<Channel>();
  /** Commands that wait for a master, oldest first. */
  #homeless: Command[] = [];
  #retryTimer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(source: MasterSource, clock: Clock, options: ClientOptions = {}) {
    this.#source = source;
    this.#clock = clock;
    this.#options = options;
    this.#unsubscribe = source.onChange((id) => {
      if (this.#link !== null && this.#link.id !== id) this.#leave(this.#link.channel);
      this.#connectFrom = 0;
      this.#rehome();
    });
  }

  /** @returns the string at `key`, or null. */
  async get(key: string): Promise<string | null> {
    const reply = await this.request('GET', key);
    return reply.type === 'bulk' ? text(reply.value) : null;
  }

  /** @param options - `ttl`: ms after which the key is gone. */
  async set(
    key: string,
    value: string | Uint8Array,
    options: { ttl?: Millis } = {},
  ): Promise<void> {
    const { ttl } = options;
    await (ttl === undefined
      ? this.request('SET', key, value)
      : this.request('SET', key, value, 'PX', ttl));
  }

  /** @returns how many of the keys there were. */
  async del(...keys: readonly string[]): Promise<number> {
    return integer(await this.request('DEL', ...keys));
  }

  /** @returns the number after adding 1 (a missing key counts as 0). */
  async incr(key: string): Promise<number> {
    return integer(await this.request('INCR', key));
  }

  /**
   * Any command. What is issued in one turn of the event loop leaves together.
   *
   * @throws ReplyError: the node's refusal, with Redis' text.
   * @throws RingleaderError CONNECTION_LOST: it may have been executed, or not. Not for reads, which
   * are asked again of the next master.
   * @throws RingleaderError NO_MASTER: it was not executed; no node took it in the time allowed.
   * @throws RingleaderError CLOSED: the client was closed.
   */
  async call(...args: readonly Argument[]): Promise<Value> {
    return toValue(await this.request(...args));
  }

  /** As `call`, but with the reply as it came: bulk strings as bytes. */
  request(...args: readonly Argument[]): Promise<Reply> {
    if (this.#closed) return Promise.reject(closed());
    return new Promise((resolve, reject) => {
      const retryForMs = this.#options.retryForMs ?? DEFAULT_RETRY_FOR_MS;
      const giveUpAt = this.#clock.monotonicMs() + retryForMs;
      this.#issue({ args: args.map(toArgument), giveUpAt, resolve, reject });
    });
  }

  /** Close; what is unanswered is rejected with CLOSED. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#unsubscribe();
    if (this.#retryTimer !== null) clearTimeout(this.#retryTimer);
    for (const command of this.#homeless) command.reject(closed());
    this.#homeless = [];
    this.#link?.channel.close();
    for (const channel of this.#left) channel.close();
  }

  #issue(command: Command): void {
    // Behind those that wait, so that their order is kept; and one of many asks for a connection.
    const channel = this.#homeless.length > 0 ? null : this.#channel();
    if (channel === null) {
      this.#keep(command);
      return;
    }
    channel.request(command.args, {
      onReply: (reply) => this.#onReply(command, reply),
      onLost: (left) => this.#onLost(command, left),
    });
  }

  #onReply(command: Command, reply: Reply): void {
    if (reply.type !== 'error') command.resolve(reply);
    else if (NOT_EXECUTED.test(reply.text)) this.#keep(command);
    else command.reject(new ReplyError(reply.text));
  }

  #onLost(command: Command, left: boolean): void {
    if (this.#closed) command.reject(closed());
    else if (left && !READS.has(text(command.args[0] ?? '').toLowerCase())) {
      const [name] = command.args;
      command.reject(
        new RingleaderError(
          'CONNECTION_LOST',
          `${text(name ?? '')} was sent, and the connection lost before its reply: it may have been executed`,
        ),
      );
    } else this.#keep(command);
  }

  #keep(command: Command): void {
    this.#homeless.push(command);
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
    const { password } = this.#options;
    // A refusal shows in the commands behind it, as NOAUTH.
    if (password !== undefined) {
      channel.request(['AUTH', password], { onReply: () => {}, onLost: () => {} });
    }
    if (found.id !== this.#suspect) return channel;
    // A thread that ends takes connections until it is known to be dead, and what is sent on them is
    // lost. So it gets nothing that matters before it has shown that it lives.
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
    const waiting = this.#homeless;
    this.#homeless = [];
    for (const command of waiting) {
      if (now < command.giveUpAt) this.#issue(command);
      else {
        const [name] = command.args;
        command.reject(
          new RingleaderError(
            'NO_MASTER',
            `no node has taken ${text(name ?? '')}: there is no master`,
          ),
        );
      }
    }
  }
}

function toArgument(value: Argument): string | Uint8Array {
  return typeof value === 'string' || value instanceof Uint8Array ? value : String(value);
}

function integer(reply: Reply): number {
  return reply.type === 'integer' ? Number(reply.value) : Number.NaN;
}

function closed(): RingleaderError {
  return new RingleaderError('CLOSED', 'the client is closed');
}
