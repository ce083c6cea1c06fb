/**
 * Watch what the client's own user sees: through `ctx.write` and `ctx.read`, or, without a change
 * to the code, through the diagnostics channels of ioredis 6 and node-redis 6.
 *
 * The channels are the process'. Which commands are this drill's is told by the asynchronous
 * context they are issued in, so that drills can run beside each other and beside other clients.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { tracingChannel } from 'node:diagnostics_channel';
import { performance } from 'node:perf_hooks';

import { isUserCommand, type Operation, toOperationError } from '../judge/operations.js';

const CHANNELS = ['ioredis:command', 'node-redis:command'] as const;

export class OperationWatch {
  /** Of `ctx.write` and `ctx.read`. */
  readonly reported: Operation[] = [];
  /** Of the diagnostics channels. */
  readonly traced: Operation[] = [];
  /** Errors that are no operation's. */
  readonly noted: Operation[] = [];
  readonly #context = new AsyncLocalStorage<true>();
  readonly #byContext = new WeakMap<object, Operation>();
  readonly #unsubscribers: (() => void)[] = [];

  constructor() {
    for (const name of CHANNELS) {
      const channel = tracingChannel<unknown, object>(name);
      const handlers = {
        start: (context: object) => this.#start(context),
        asyncStart: (context: object) => this.#settle(context),
        error: () => {},
        end: () => {},
        asyncEnd: () => {},
      };
      channel.subscribe(handlers);
      this.#unsubscribers.push(() => channel.unsubscribe(handlers));
    }
  }

  /** Run the client's code so that its commands are told from others'. */
  run<Result>(code: () => Result): Result {
    return this.#context.run(true, code);
  }

  /** Report one operation: it succeeds or fails as the promise does. */
  async report<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
    const operation = begin(what, null);
    this.reported.push(operation);
    try {
      const result = await work();
      operation.settledAt = performance.now();
      return result;
    } catch (error) {
      operation.error = toOperationError(error);
      operation.settledAt = performance.now();
      throw error;
    }
  }

  /** Note an error that is no operation's. */
  note(error: unknown): void {
    const operation = begin('the client', null);
    operation.settledAt = operation.startedAt;
    operation.error = toOperationError(error);
    this.noted.push(operation);
  }

  close(): void {
    for (const unsubscribe of this.#unsubscribers) unsubscribe();
  }

  #start(context: object): void {
    if (this.#context.getStore() !== true) return;
    const { name, key } = commandOf(context);
    if (!isUserCommand(name)) return;
    const operation = begin(name.toUpperCase(), { name, key });
    this.#byContext.set(context, operation);
    this.traced.push(operation);
  }

  /** A tracing channel says `asyncStart` when the promise has settled, with the error if any. */
  #settle(context: object): void {
    const operation = this.#byContext.get(context);
    if (operation === undefined) return;
    const error: unknown = Object(context)['error'];
    if (error !== undefined) operation.error = toOperationError(error);
    operation.settledAt = performance.now();
  }
}

function begin(what: string, command: Operation['command']): Operation {
  return { what, command, startedAt: performance.now(), settledAt: null, error: null };
}

/** ioredis: `command` and `args` behind it; node-redis: `args` with the command first. */
function commandOf(context: object): { name: string; key: string } {
  const fields = Object(context);
  const args: unknown = fields['args'];
  const words = Array.isArray(args) ? args.map(String) : [];
  const name = String(fields['command'] ?? words[0] ?? '').toLowerCase();
  const key = words[0]?.toLowerCase() === name ? words[1] : words[0];
  return { name, key: key ?? '' };
}
