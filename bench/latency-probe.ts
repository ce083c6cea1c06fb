/** A client that asks one command at a time and notes how long each answer takes. */
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

export class LatencyProbe {
  readonly #socket: Socket;
  readonly #request: Buffer;
  readonly #times: number[] = [];
  #running: Promise<void> | null = null;
  #stopped = false;

  private constructor(socket: Socket, request: Buffer) {
    this.#socket = socket;
    this.#request = request;
  }

  /** @param command - of a short answer: it comes in one piece. */
  static async connect(port: number, command: readonly string[]): Promise<LatencyProbe> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    return new LatencyProbe(socket, encodeCommand(command));
  }

  /** Ask until stop(). */
  start(): void {
    this.#running = this.#ask();
  }

  async #ask(): Promise<void> {
    while (!this.#stopped) {
      const begin = performance.now();
      const answered = once(this.#socket, 'data');
      this.#socket.write(this.#request);
      await answered;
      this.#times.push(performance.now() - begin);
    }
  }

  async stop(): Promise<Latency> {
    this.#stopped = true;
    await this.#running;
    this.#socket.destroy();
    return {
      p50Ms: percentile(this.#times, 0.5),
      p99Ms: percentile(this.#times, 0.99),
      maxMs: percentile(this.#times, 1),
      requests: this.#times.length,
    };
  }
}
