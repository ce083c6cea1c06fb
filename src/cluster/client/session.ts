/**
 * A session: one connection to the master for one caller, for what lives in the connection: a
 * database (SELECT), watched keys, a transaction put together step by step, WAIT.
 *
 * It does not follow failovers, for its state would stay behind in silence: when its connection is
 * lost, or its node is master no more, it is over, and each call says so.
 */
import { limitArguments } from '../../base/argument-count.js';
import { RingleaderError } from '../../base/errors.js';
import type { Clock, Millis } from '../../base/time.js';
import { type Reply, ReplyError } from '../../resp/reply.js';
import {
  type Argument,
  checkCommand,
  type CommandLine,
  toTransaction,
  toWords,
  type Words,
} from './command-rules.js';
import { Deadlines, type Due } from './deadlines.js';
import type { OwnConnection } from './own-connection.js';
import { text, toValue, type Value } from './value.js';

/** ms for a node that is master no more to answer what it was sent as master. */
const GRACE_MS = 100;

interface Asked extends Due {
  readonly name: string;
  reject(error: Error): void;
}

export interface SessionSetup extends OwnConnection {
  readonly clock: Clock;
  readonly timeoutMs: Millis;
  /** Calls back with each new master's id, until the function returned is called. */
  onChange(callback: (id: string) => void): () => void;
  /** It has ended. */
  onEnd(session: Session): void;
}

export class Session {
  /** The node that it is with. */
  readonly nodeId: string;
  readonly #setup: SessionSetup;
  readonly #deadlines: Deadlines<Asked>;
  #closedHere = false;

  /** Use `client.session()`. */
  constructor(setup: SessionSetup) {
    this.nodeId = setup.id;
    this.#setup = setup;
    this.#deadlines = new Deadlines(setup.clock, (asked) =>
      asked.reject(timedOut(asked.name, setup.timeoutMs)),
    );
    const { channel } = setup;
    let timer: NodeJS.Timeout | undefined;
    const leave = setup.onChange((id) => {
      if (id !== this.nodeId) timer ??= setTimeout(() => channel.close(), GRACE_MS);
    });
    channel.onClose = () => {
      clearTimeout(timer);
      leave();
      this.#deadlines.close();
      setup.onEnd(this);
    };
  }

  /** False: its connection is gone, and what it held with it. */
  get isOpen(): boolean {
    return !this.#setup.channel.isClosed;
  }

  /**
   * Any command but those that are answered otherwise than once (SUBSCRIBE, MONITOR…).
   *
   * @throws ReplyError: the node's refusal.
   * @throws RingleaderError CONNECTION_LOST: the session is over; what was sent may have been
   * executed.
   * @throws RingleaderError TIMEOUT: no reply in time; it may have been executed.
   * @throws RingleaderError CLOSED, CONFIG_INVALID
   */
  async call(name: string, ...args: readonly Argument[]): Promise<Value> {
    const words = toWords([name, ...args]);
    checkCommand(words, 'session');
    const reply = await this.#request(words);
    if (reply.type === 'error') throw new ReplyError(reply.text);
    return toValue(reply);
  }

  /** WATCH these keys: `exec` does nothing if one of them has changed by then. */
  async watch(keys: readonly string[]): Promise<void> {
    const reply = await this.#request(toWords(['WATCH'].concat(keys)));
    if (reply.type === 'error') throw new ReplyError(reply.text);
  }

  /**
   * MULTI, these commands and EXEC, sent together.
   *
   * @returns the replies; null: a watched key has changed, and nothing was executed.
   */
  async exec(commands: readonly CommandLine[]): Promise<Value[] | null> {
    const queued = toTransaction(commands);
    const replies = await Promise.all(
      [['MULTI'], ...queued, ['EXEC']].map((words) => this.#request(words)),
    );
    return execReply(replies);
  }

  /** End it. What is unanswered is rejected with CLOSED. */
  close(): void {
    this.#closedHere = true;
    this.#setup.channel.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #request(words: Words): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const { channel, clock, timeoutMs } = this.#setup;
      const deadlineAt = clock.monotonicMs() + timeoutMs;
      const asked: Asked = { name: text(words[0] ?? ''), deadlineAt, reject };
      if (timeoutMs !== Infinity) this.#deadlines.add(asked);
      channel.request(words, {
        onReply: (reply) => {
          this.#deadlines.delete(asked);
          resolve(reply);
        },
        onLost: (left) => reject(this.#lost(asked.name, left)),
      });
    });
  }

  #lost(name: string, left: boolean): RingleaderError {
    if (this.#closedHere) return new RingleaderError('CLOSED', 'the session is closed');
    const fate = left ? 'was sent, and may have been executed' : 'was not sent';
    return new RingleaderError(
      'CONNECTION_LOST',
      `the session with ${this.nodeId} is over, its connection lost: ${name} ${fate}`,
    );
  }
}

limitArguments(Session, { watch: 1, exec: 1 });

export function timedOut(name: string, timeoutMs: Millis): RingleaderError {
  return new RingleaderError(
    'TIMEOUT',
    `${name} was sent, and has no reply after ${timeoutMs} ms: it may have been executed`,
  );
}

/**
 * What a transaction came to.
 *
 * @param replies - of MULTI, each command's queueing, and EXEC.
 * @throws ReplyError: the first refusal, which says more than EXEC's.
 */
export function execReply(replies: readonly Reply[]): Value[] | null {
  const refused = replies.find((reply) => reply.type === 'error');
  if (refused?.type === 'error') throw new ReplyError(refused.text);
  const last = replies.at(-1);
  return last?.type === 'array' ? last.items.map(toValue) : null;
}
