/**
 * What a client's callers have asked for, on its way to whoever is master: sent, tried again, given
 * up.
 *
 * A command that was certainly not executed (it had not left, or the node refused it as no master
 * of writes) is tried again, for a bounded time; one that had left and was not answered may have
 * been executed, and only the caller knows whether twice is harmful: it is rejected with
 * CONNECTION_LOST, or, if the connection lives and says nothing, with TIMEOUT.
 */
import { RingleaderError } from '../../base/errors.js';
import type { Clock, Millis } from '../../base/time.js';
import { type Reply, ReplyError } from '../../resp/reply.js';
import { Channel } from './channel.js';
import type { Words } from './command-rules.js';
import { Deadlines, type Due } from './deadlines.js';
import type { MasterSource } from './master-source.js';
import { timedOut } from './session.js';
import { text } from './value.js';

/** What a caller asked for: one command, or MULTI … EXEC. */
interface Order extends Due {
  readonly commands: readonly Words[];
  readonly giveUpAt: Millis;
  /** It is on its way, so it may be executed. */
  hasLeft: boolean;
  /** The caller knows its outcome. */
  isOver: boolean;
  /** Why a node has not executed it; null: none was asked. */
  refusal: string | null;
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
/** Commands that can be repeated when it is not known whether they were executed. */
const READS: ReadonlySet<string> = new Set(
  'get mget exists strlen ttl pttl expiretime pexpiretime type ping echo'.split(' '),
);

/** Replies of a node that has not executed the command, and that another node, or time, may. */
const NOT_EXECUTED = /^(?:READONLY|LOADING|MASTERDOWN|NOREPLICAS strict:) /;

export interface OrderLimits {
  /** How long a command that was certainly not executed is tried again. */
  readonly retryForMs: Millis;
  /** How long a caller waits at most. */
  readonly timeoutMs: Millis;
  /** Commands that come first on every connection. */
  readonly greeting: readonly Words[];
}

/** A connection to who is master. */
interface Link {
  readonly id: string;
  readonly channel: Channel;
  /** What is asked for may leave on it. */
  isReady: boolean;
}

export class Orders {
  readonly #source: MasterSource;
  readonly #clock: Clock;
  readonly #greeting: readonly Words[];
  readonly #retryForMs: Millis;
  readonly #timeoutMs: Millis;
  readonly #unsubscribe: () => void;
  /** Of what has an outcome to come. */
  readonly #deadlines: Deadlines<Order>;
  #link: Link | null = null;
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

  constructor(source: MasterSource, clock: Clock, limits: OrderLimits) {
    this.#source = source;
    this.#clock = clock;
    this.#greeting = limits.greeting;
    this.#retryForMs = limits.retryForMs;
    this.#timeoutMs = limits.timeoutMs;
    this.#deadlines = new Deadlines(clock, (order) => this.#onDue(order));
    this.#unsubscribe = source.onChange((id) => {
      if (this.#link !== null && this.#link.id !== id) this.#leave(this.#link.channel);
      this.#connectFrom = 0;
      this.#rehome();
    });
  }

  /** Reject what is unanswered with CLOSED. */
  close(): void {
    this.#closed = true;
    this.#unsubscribe();
    this.#deadlines.close();
    if (this.#retryTimer !== null) clearTimeout(this.#retryTimer);
    for (const order of this.#retryQueue) order.reject(closed());
    this.#retryQueue = [];
    this.#link?.channel.close();
    for (const channel of this.#left) channel.close();
  }

  /** @returns the replies, one for each command. @throws as Client.call(). */
  place(commands: readonly Words[]): Promise<readonly Reply[]> {
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
        refusal: null,
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
    order.reject(order.hasLeft ? timedOut(nameOf(order), this.#timeoutMs) : this.#noMaster(order));
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
    const refusal = isRefused ? replies.find(isForAnother) : undefined;
    if (refusal?.type === 'error') {
      order.refusal = refusal.text;
      this.#keep(order);
    } else this.#end(order).resolve(replies);
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

  #noMaster(order: Order): RingleaderError {
    const why = order.refusal ?? this.#source.failure?.() ?? 'there is no master';
    return new RingleaderError('NO_MASTER', `no node has taken ${nameOf(order)}: ${why}`);
  }

  #keep(order: Order): void {
    order.hasLeft = false;
    this.#retryQueue.push(order);
    this.#scheduleRetry();
  }

  #channel(): Channel | null {
    if (this.#link !== null && !this.#link.channel.isClosed) {
      return this.#link.isReady ? this.#link.channel : null;
    }
    if (this.#clock.monotonicMs() < this.#connectFrom) return null;
    const found = this.#source.connect();
    if (found === null) return null;
    const channel = new Channel(found.port);
    channel.onClose = () => {
      this.#connectFrom = this.#clock.monotonicMs() + COOL_OFF_MS;
      this.#suspect = found.id;
    };
    const isReady = this.#greeting.length === 0 && found.id !== this.#suspect;
    this.#link = { id: found.id, channel, isReady };
    if (isReady) return channel;
    this.#introduce(this.#link);
    return null;
  }

  /**
   * Log in, and choose the database: nothing that matters leaves before the node has agreed, for it
   * would be executed in another one. Nor before it has shown that it lives: a thread that ends
   * takes connections until it is known to be dead, and what is sent on them is lost.
   */
  #introduce(link: Link): void {
    for (const words of this.#greeting) {
      const onReply = (reply: Reply): void => {
        if (reply.type === 'error' && this.#link === link) this.#onUnwelcome(link, reply.text);
      };
      link.channel.request(words, { onReply, onLost: () => {} });
    }
    const onReply = (): void => {
      if (this.#link !== link) return;
      link.isReady = true;
      this.#suspect = null;
      this.#rehome();
    };
    link.channel.request(['PING'], { onReply, onLost: () => {} });
  }

  /** A node does not let us in: those that wait are told, unless it may later. */
  #onUnwelcome({ channel }: Link, why: string): void {
    this.#link = null;
    channel.close();
    if (NOT_EXECUTED.test(why)) return;
    const waiting = this.#retryQueue;
    this.#retryQueue = [];
    for (const order of waiting) if (!order.isOver) this.#end(order).reject(new ReplyError(why));
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
      else this.#end(order).reject(this.#noMaster(order));
    }
  }
}

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

export function closed(): RingleaderError {
  return new RingleaderError('CLOSED', 'the client is closed');
}
