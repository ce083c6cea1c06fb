/**
 * A client of the simulated cluster: asks a sentinel who is master, writes and reads its keys
 * there,
 * and asks again when that fails. What it was told is the history that the checks judge.
 *
 * Each key is written by one client, with values that count up; any client reads it.
 */
import type { Prng } from '../base/prng.js';
import type { Millis } from '../base/time.js';
import { RespLink } from '../io/resp-link.js';
import type { Reply } from '../resp/reply.js';
import { dial, type SimPort } from './connection.js';
import type { History, Operation } from './history.js';
import type { Endpoint, Network } from './network.js';
import { GROUP } from './options.js';
import type { SimNode } from './sim-node.js';
import type { SimSentinel } from './sim-sentinel.js';

/** What a client needs of the world that it is in. */
export interface ClientWorld {
  readonly network: Network;
  readonly sentinels: readonly SimSentinel[];
  readonly nodes: readonly SimNode[];
  readonly history: History;
  onAcknowledged(node: SimNode, write: Operation): void;
}

/** A reply that does not come within this is given up, with its connection. */
const REPLY_TIMEOUT_MS: Millis = 4000;
const RETRY_MS: Millis = 100;
/** Between two operations, at most. */
const THINK_MS: Millis = 150;
const KEYS_EACH = 3;
/** How long a WAIT waits at most. */
const WAIT_MS: Millis = 300;

type Asked = (value: Reply) => void;

export class SimClient implements Endpoint {
  readonly id: string;
  alive = true;
  frozenUntil: Millis = 0;
  life = 0;
  readonly #index: number;
  readonly #world: ClientWorld;
  readonly #random: Prng;
  readonly #written = new Map<string, number>();
  #isOver = false;
  #callOff: () => void = () => {};

  constructor(world: ClientWorld, index: number, random: Prng) {
    this.id = `client-${index}`;
    this.#index = index;
    this.#world = world;
    this.#random = random;
  }

  start(): void {
    this.#after(this.#random.below(THINK_MS), () => this.#find());
  }

  stop(): void {
    this.#isOver = true;
  }

  #after(ms: Millis, task: () => void): () => void {
    return this.#world.network.later(this, ms, () => {
      if (!this.#isOver) task();
    });
  }

  /** Ask one of the sentinels who is master. */
  #find(): void {
    const { sentinels, nodes } = this.#world;
    const sentinel = sentinels[this.#random.below(sentinels.length)]!;
    const again = (): void => void this.#after(RETRY_MS, () => this.#find());
    this.#open(sentinel, again, (link) => {
      this.#ask(link, ['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', GROUP], again, (value) => {
        link.close();
        const port = value.type === 'array' ? portOf(value.items[1]) : 0;
        const node = nodes.find(({ address }) => address.port === port);
        if (node === undefined) return again();
        this.#open(node, again, (opened) => this.#greet(opened, node, again));
      });
    });
  }

  /** Sentinels may name a node that is no master any more: it is asked, as clients should. */
  #greet(link: RespLink<Asked>, node: SimNode, again: () => void): void {
    this.#ask(link, ['ROLE'], again, (value) => {
      const [role] = value.type === 'array' ? value.items : [];
      if (textOf(role) === 'master') return this.#work(link, node);
      link.close();
      return again();
    });
  }

  /** One operation after the other, until one fails. */
  #work(link: RespLink<Asked>, node: SimNode): void {
    const next = (): void =>
      void this.#after(this.#random.below(THINK_MS), () => this.#work(link, node));
    const lookAgain = (): void => {
      link.close();
      this.#after(RETRY_MS, () => this.#find());
    };
    const { history } = this.#world;
    const isWrite = this.#random.chance(0.7);
    const owner = isWrite ? this.#index : this.#random.below(history.clients);
    const key = `c${owner}:${this.#random.below(KEYS_EACH)}`;
    const operation = isWrite ? this.#write(key) : history.begin(this.id, 'read', key, 0);
    const args = isWrite ? ['SET', key, `${operation.value}`] : ['GET', key];
    const unknown = (): void => {
      history.end(operation, 'unknown', 0);
      lookAgain();
    };
    this.#ask(link, args, unknown, (value) => {
      if (value.type === 'error') {
        history.end(operation, isCertain(value.text) ? 'refused' : 'unknown', 0);
        return lookAgain();
      }
      history.end(operation, 'ok', isWrite ? operation.value : numberOf(value));
      if (isWrite) this.#world.onAcknowledged(node, operation);
      if (isWrite && this.#random.chance(0.2)) return this.#wait(link, operation, lookAgain, next);
      return next();
    });
  }

  #write(key: string): Operation {
    const value = (this.#written.get(key) ?? 0) + 1;
    this.#written.set(key, value);
    return this.#world.history.begin(this.id, 'write', key, value);
  }

  /** WAIT for the write: how many replicas have it, is noted with it. */
  #wait(link: RespLink<Asked>, operation: Operation, fail: () => void, next: () => void): void {
    const wanted = this.#world.nodes.length - 1;
    this.#ask(link, ['WAIT', `${wanted}`, `${WAIT_MS}`], fail, (value) => {
      if (value.type !== 'integer') return fail();
      operation.replicas = Number(value.value);
      return next();
    });
  }

  #open(
    target: SimNode | SimSentinel,
    onFailed: () => void,
    onOpen: (link: RespLink<Asked>) => void,
  ): void {
    const { network } = this.#world;
    this.#callOff = (): void => {};
    dial(network, this, target, (far) => target.accept(far, 'network'), {
      onOpen: (near: SimPort) => {
        if (this.#isOver) return near.close();
        const link = RespLink.overPort<Asked>(near, {
          onOpen: () => {},
          onReply: (asked, value) => asked(value),
          onMessage: () => {},
          onClose: () => this.#callOff(),
        });
        onOpen(link);
      },
      onFailed: () => {
        if (!this.#isOver) onFailed();
      },
    });
  }

  /** @param onFailed - the connection ended, or no reply came in time. */
  #ask(
    link: RespLink<Asked>,
    args: readonly string[],
    onFailed: () => void,
    onReply: (value: Reply) => void,
  ): void {
    let isDone = false;
    const fail = (): void => {
      if (isDone) return;
      isDone = true;
      link.close();
      onFailed();
    };
    const callOff = this.#world.network.later(this, REPLY_TIMEOUT_MS, fail);
    this.#callOff = (): void => {
      callOff();
      fail();
    };
    link.send(args, (value) => {
      if (isDone) return;
      isDone = true;
      callOff();
      this.#callOff = (): void => {};
      if (this.#isOver) link.close();
      onReply(value);
    });
  }
}

/** Whether an error says that the command was not executed. */
function isCertain(text: string): boolean {
  return /^(READONLY|NOREPLICAS|LOADING|MASTERDOWN|MISCONF|OOM|ERR|NOAUTH)/.test(text);
}

function portOf(value: Reply | undefined): number {
  return Number(textOf(value));
}

/** @returns 0: there is no such key. */
function numberOf(value: Reply): number {
  return Number(textOf(value));
}

/** @returns '': it is no bulk string. */
function textOf(value: Reply | undefined): string {
  return value?.type === 'bulk' ? Buffer.from(value.value).toString('latin1') : '';
}
