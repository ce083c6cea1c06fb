/**
 * The client code of one drill while it runs, and all that is heard of it.
 *
 * What its user saw counts most: operations that it reports itself, else those that its library
 * publishes, else what passed on the wire.
 */
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

import { checkFunction, refusal } from '../../base/refuse.js';
import type { Millis } from '../../base/time.js';
import {
  fromWire,
  isUserCommand,
  type Operation,
  type OperationError,
  toOperationError,
} from '../judge/operations.js';
import type { WireLog } from '../judge/wire-log.js';
import type { DrillContext, DrillTarget } from './context.js';
import { OperationWatch } from './watch.js';

/** The code to try. */
export type ClientCode = (ctx: DrillContext) => unknown;

/** ms for the client code to end once it has been told to. */
const GRACE_MS = 500;

export class ClientSession {
  readonly watch = new OperationWatch();
  readonly log: WireLog;
  /** Set when the code ends without having been told to. */
  end: { at: Millis; error: OperationError } | null = null;
  readonly #target: DrillTarget;
  readonly #abort = new AbortController();
  readonly #closers: (() => unknown)[] = [];
  #running: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | null = null;

  /** @param log - is written by the proxies that the target leads to. */
  constructor(target: DrillTarget, log: WireLog) {
    this.#target = target;
    this.log = log;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  start(client: ClientCode): void {
    const context: DrillContext = {
      ...this.#target,
      signal: this.signal,
      write: async (id, work) => {
        if (typeof id !== 'string' && typeof id !== 'number') {
          throw refusal('the id of ctx.write()', 'a string or a number', id);
        }
        checkFunction('the work of ctx.write()', work);
        return await this.watch.report(`write ${id}`, work);
      },
      read: async (work) => {
        checkFunction('the work of ctx.read()', work);
        return await this.watch.report('read', work);
      },
      error: (error) => this.watch.note(error),
      onEnd: (close) => {
        checkFunction('the argument of ctx.onEnd()', close);
        this.#closers.push(close);
      },
    };
    this.#running = this.#run(client, context);
  }

  /**
   * When one operation begun from `from` on has succeeded; null: none has. Asked every few ms, so
   * it looks no further than the first, and starts where those operations start.
   */
  firstSuccessFrom(from: Millis): Millis | null {
    const { reported, traced } = this.watch;
    const told = reported.length > 0 ? reported : traced;
    if (told.length > 0) {
      for (
        let i = lowerBound(told, ({ startedAt }) => startedAt >= from);
        i < told.length;
        i += 1
      ) {
        const { settledAt, error } = told[i]!;
        if (settledAt !== null && error === null) return settledAt;
      }
      return null;
    }
    const { commands } = this.log;
    for (
      let i = lowerBound(commands, ({ sentAt }) => sentAt >= from);
      i < commands.length;
      i += 1
    ) {
      const { name, state, settledAt } = commands[i]!;
      if (state === 'ok' && isUserCommand(name)) return settledAt;
    }
    return null;
  }

  /** A copy of the operations as they stand; those of the reported kind, if there are any. */
  operations(until: Millis): Operation[] {
    return [...this.#operations(), ...this.watch.noted]
      .filter(({ startedAt }) => startedAt <= until)
      .map((operation) => ({ ...operation }));
  }

  /** Tell the code to end, and wait a little. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#abort.abort();
    await withGrace(this.#running);
    for (const close of this.#closers) {
      // What it throws is of no interest any more: the client may be broken, that is the point.
      await withGrace(Promise.resolve().then(close)).catch(() => {});
    }
    this.watch.close();
  }

  async #run(client: ClientCode, context: DrillContext): Promise<void> {
    let error: OperationError = { code: 'CLIENT_ENDED', message: 'the client code has returned' };
    try {
      await this.watch.run(() => client(context));
    } catch (thrown) {
      error = toOperationError(thrown);
    }
    if (!this.signal.aborted) this.end = { at: performance.now(), error };
  }

  #operations(): readonly Operation[] {
    const { reported, traced } = this.watch;
    if (reported.length > 0) return reported;
    return traced.length > 0 ? traced : fromWire(this.log.commands);
  }

  /** As clients introduce themselves by CLIENT SETINFO LIB-NAME; '' if this one does not. */
  library(): string {
    const told = this.log.commands.find(
      ({ name, args }) => name === 'client' && args[2]?.toLowerCase() === 'lib-name',
    );
    return told?.args[3] ?? '';
  }
}

/** Wait for it, or for the grace's end; the timer does not outlive either. */
async function withGrace(ending: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  const grace = sleep(GRACE_MS, undefined, { signal: over.signal }).catch(() => {});
  await Promise.race([ending, grace]).finally(() => over.abort());
}

/** @returns the first index from which on it holds; items for which it does not come first. */
function lowerBound<Item>(items: readonly Item[], holds: (item: Item) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(items[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
