/**
 * A port that carries RESP bytes, as a Transport: a connection inside the process.
 *
 * Each message is a Uint8Array; closing delivers what was written before it. A port says how much
 * the other side has still to take, but not when that changes: while a client is waited for, it is
 * asked.
 */
import { Connection, type ServingNode } from '../server/connection/connection.js';
import type { Transport } from '../server/connection/transport.js';
import type { BytePort } from '../runtime/connection.js';

/** How often a client is looked at that has too much to take, ms. */
const DRAIN_POLL_MS = 2;

class PortTransport implements Transport {
  readonly localAddress = 'in-process:0';
  readonly remoteAddress: string;
  readonly #port: BytePort;
  #paused: Uint8Array[] | null = null;
  #isClosed = false;
  #deliver: (bytes: Uint8Array) => void = () => {};

  /** @param peer - who is at the other end: the id of an actor, or `client`. */
  constructor(port: BytePort, peer: string) {
    this.#port = port;
    this.remoteAddress = `in-process:${peer}`;
  }

  get bufferedBytes(): number {
    return this.#port.bufferedBytes ?? 0;
  }

  whenDrained(task: () => void): void {
    setTimeout(() => {
      if (this.#isClosed) return;
      if (this.bufferedBytes === 0) task();
      else this.whenDrained(task);
    }, DRAIN_POLL_MS);
  }

  /** @param deliver - gets what arrives, in order, but nothing while the transport is paused. */
  start(deliver: (bytes: Uint8Array) => void, closed: () => void): void {
    this.#deliver = deliver;
    this.#port.on('message', (message) => {
      if (this.#paused !== null) this.#paused.push(message);
      else deliver(message);
    });
    this.#port.on('close', () => {
      this.#isClosed = true;
      closed();
    });
  }

  write(bytes: Uint8Array): void {
    // Only this view's bytes: a slice of a larger buffer would be cloned with all of it.
    const whole = bytes.byteLength === bytes.buffer.byteLength ? bytes : Uint8Array.from(bytes);
    this.#port.postMessage(whole);
  }

  pause(): void {
    this.#paused ??= [];
  }

  resume(): void {
    const held = this.#paused ?? [];
    this.#paused = null;
    for (const [index, bytes] of held.entries()) {
      this.#deliver(bytes);
      if (this.isPaused()) {
        this.#paused = held.slice(index + 1);
        return;
      }
    }
  }

  end(): void {
    this.#isClosed = true;
    this.#port.close();
  }

  destroy(): void {
    this.end();
  }

  private isPaused(): boolean {
    return this.#paused !== null;
  }
}

/** Serve a client at the other end of a port. @returns its connection. */
export function servePort(node: ServingNode, port: BytePort, peer: string): Connection {
  const transport = new PortTransport(port, peer);
  const connection = new Connection(node, transport);
  transport.start(
    (bytes) => connection.receive(bytes),
    () => connection.closed(),
  );
  return connection;
}
