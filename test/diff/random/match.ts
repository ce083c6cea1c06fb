/** One stream's play on both servers: batch by batch, reply by reply. */
import { setTimeout as sleep } from 'node:timers/promises';
import { difference, type Value } from './same.js';
import type { Seat } from './seat.js';
import { type Batch, type Command, CONNECTIONS, show } from './stream.js';

/** Longer than PX 2 takes on either side. */
const LAPSE_MS = 5;
/** Clocks are read in ms, on either side of a rounding. */
const LEAST_SLACK_MS = 3;

/** One stream's connections, and what must be known of them to judge a reply. */
export class Match {
  readonly #real: readonly Seat[];
  readonly #ours: readonly Seat[];
  /** Commands queued on each connection since its MULTI. */
  readonly #queued: Command[][] = Array.from({ length: CONNECTIONS }, () => []);
  /** Commands that may wait, by connection. */
  readonly #waiting: (Batch | null)[] = Array.from({ length: CONNECTIONS }, () => null);
  /** By how much the moments can differ at which the servers executed the same command. */
  slackMs = LEAST_SLACK_MS;
  /**
   * Redis' SORT takes an ERANGE that an earlier command left in errno for its own: what follows says
   * nothing.
   */
  isVoid = false;

  constructor(real: readonly Seat[], ours: readonly Seat[]) {
    this.#real = real;
    this.#ours = ours;
  }

  async play(batch: Batch): Promise<string | null> {
    const { connection } = batch;
    const released = await this.#release(connection);
    if (released !== null) return released;
    const begin = performance.now();
    const seats = [this.#real[connection]!, this.#ours[connection]!] as const;
    if (batch.waits !== null) {
      this.#waiting[connection] = batch;
      await Promise.all(seats.map((seat) => seat.begin(batch)));
      this.#noteSlack(begin);
      return null;
    }
    const [real = [], ours = []] = await Promise.all(seats.map((seat) => seat.exchange(batch)));
    this.#noteSlack(begin);
    const failure = this.#judge(batch, real, ours);
    if (failure === null && batch.lapses) await sleep(LAPSE_MS);
    return failure;
  }

  /** End all commands that wait. */
  async releaseAll(): Promise<string | null> {
    for (let connection = 0; connection < CONNECTIONS; connection++) {
      const failure = await this.#release(connection);
      if (failure !== null) return failure;
    }
    return null;
  }

  /** End the command that waits on a connection, if there is one. */
  async #release(connection: number): Promise<string | null> {
    const batch = this.#waiting[connection] ?? null;
    this.#waiting[connection] = null;
    if (batch === null || batch.waits === null) return null;
    const how = batch.waits;
    const seats = [this.#real[connection]!, this.#ours[connection]!] as const;
    const [real = [], ours = []] = await Promise.all(seats.map((seat) => seat.release(how)));
    const [realUnblocked, ...realReplies] = real;
    const [oursUnblocked, ...oursReplies] = ours;
    const failure = this.#judge(batch, realReplies, oursReplies);
    if (failure !== null || this.isVoid || realUnblocked === oursUnblocked) return failure;
    return `${batch.commands.map(show).join()}\n      is blocked on one server only`;
  }

  #noteSlack(begin: number): void {
    this.slackMs = Math.max(this.slackMs, LEAST_SLACK_MS + performance.now() - begin);
  }

  #judge({ connection, commands }: Batch, real: Value[], ours: Value[]): string | null {
    for (const [i, command] of commands.entries()) {
      const queue = this.#queued[connection]!;
      if (i >= real.length || i >= ours.length) {
        const who = i >= real.length ? 'real Redis' : 'ours';
        return `${show(command)}\n      ${who} does not answer`;
      }
      const ran = queue.map(({ args }) => args);
      // Twice: a time may be set at one end of a batch and be asked for at another's.
      const differs = difference(command.args, real[i], ours[i], 2 * this.slackMs, ran);
      if (differs !== null && isNotSorted(real[i])) {
        this.isVoid = true;
        return null;
      }
      if (differs !== null) return `${show(command)}\n      ${differs}`;
      if (real[i] === '+QUEUED') queue.push(command);
      if (/^(multi|exec|discard)$/i.test(command.args[0] ?? '') && !isNestedMulti(real[i])) {
        queue.length = 0;
      }
    }
    return null;
  }
}

/** A SORT's answer, or, of a transaction, one of them. */
function isNotSorted(value: Value): boolean {
  return Array.isArray(value) ? value.some(isNotSorted) : String(value).startsWith(NOT_SORTED);
}

const NOT_SORTED = "-ERR One or more scores can't be converted into double";

function isNestedMulti(value: Value): boolean {
  return typeof value === 'string' && value.startsWith('-ERR MULTI calls');
}
