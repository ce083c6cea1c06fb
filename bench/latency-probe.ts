/**
 * A client that asks one command at a time and notes how long each answer takes.
 *
 * It shares the machine with the server: what it leaves for a garbage collector is collected at the
 * server's expense, and shows in its figures. So it allocates next to nothing.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { encodeCommand } from '../src/resp/encode-command.js';
import { percentile } from '../src/lab/stats.js';

export interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly requests: number;
}

/** Answers that it has room to note at first. */
const ROOM = 1 << 18;
const ANSWER_BYTES = 16 * 1024;

export class LatencyProbe {
  readonly #request: Buffer;
  #socket: Socket | null = null;
  #times = new Float64Array(ROOM);
  #count = 0;
  #askedAt = 0;
  /** Called with the answer to the last request. */
  #onLast: (() => void) | null = null;

  private constructor(request: Buffer) {
    this.#request = request;
  }

  /** @param command - of a short answer: it comes in one piece. */
  static async connect(port: number, command: readonly string[]): Promise<LatencyProbe> {
    const probe = new LatencyProbe(encodeCommand(command));
    const onread = {
      buffer: Buffer.allocUnsafeSlow(ANSWER_BYTES),
      callback: () => {
        probe.#onAnswer();
        return true;
      },
    };
    const socket = connect({ port, host: '127.0.0.1', noDelay: true, onread });
    await once(socket, 'connect');
    probe.#socket = socket;
    return probe;
  }

  /** Ask until stop(). */
  start(): void {
    this.#ask();
  }

  #ask(): void {
    this.#askedAt = performance.now();
    this.#socket?.write(this.#request);
  }

  #onAnswer(): void {
    if (this.#count === this.#times.length) {
      const longer = new Float64Array(2 * this.#count);
      longer.set(this.#times);
      this.#times = longer;
    }
    this.#times[this.#count] = performance.now() - this.#askedAt;
    this.#count += 1;
    if (this.#onLast === null) this.#ask();
    else this.#onLast();
  }

  async stop(): Promise<Latency> {
    await new Promise<void>((resolve) => {
      this.#onLast = resolve;
    });
    this.#socket?.destroy();
    const times = this.#times.subarray(0, this.#count);
    return {
      p50Ms: percentile(times, 0.5),
      p99Ms: percentile(times, 0.99),
      maxMs: percentile(times, 1),
      requests: times.length,
    };
  }
}
