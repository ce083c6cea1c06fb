/** One end of a simulated connection as a Transport: what a node's clients are served over. */
import type { Transport } from '../server/connection/transport.js';
import type { SimPort } from './connection.js';

export class SimTransport implements Transport {
  readonly remoteAddress: string;
  readonly localAddress = '127.0.0.1:0';
  readonly #port: SimPort;
  readonly #onEnded: () => void;

  /** @param onEnded - this side has ended it, and all that was written is sent. */
  constructor(port: SimPort, onEnded: () => void) {
    this.#port = port;
    this.#onEnded = onEnded;
    this.remoteAddress = port.remoteAddress;
  }

  get bufferedBytes(): number {
    return this.#port.bufferedBytes;
  }

  write(bytes: Uint8Array): void {
    this.#port.postMessage(bytes);
  }

  whenDrained(task: () => void): void {
    this.#port.whenDrained(task);
  }

  pause(): void {
    this.#port.pause();
  }

  resume(): void {
    this.#port.resume();
  }

  end(): void {
    this.#port.close();
    this.#onEnded();
  }

  destroy(): void {
    this.#port.close();
  }
}
