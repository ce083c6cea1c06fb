/** A connection over TCP or TLS as a port of bytes: what a client of the cluster talks over. */
import type { Socket } from 'node:net';

import { joinHostPort } from '../base/host-port.js';
import type { Millis } from '../base/time.js';
import type { BytePort } from '../runtime/connection.js';
import { connectErrorText } from './connect-error.js';
import { openSocket, type TlsOptions } from './tls-client.js';

export interface TcpTarget {
  readonly host: string;
  readonly port: number;
  /** Null: plain TCP. */
  readonly tls: TlsOptions | null;
}

export class TcpPort implements BytePort {
  readonly #socket: Socket;
  #onClose: (() => void) | null = null;
  #isOver = false;

  /** @param socket - what is written to it before it is connected leaves then. */
  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setTimeout(0);
    socket.removeAllListeners('error');
    socket.on('error', () => {}); // 'close' follows.
    socket.on('close', () => this.#end());
  }

  /** A port at once: what is sent waits until it is connected; if it cannot be, it closes. */
  static dial({ host, port, tls }: TcpTarget): TcpPort {
    return new TcpPort(openSocket(host, port, tls).socket);
  }

  /**
   * @returns the port once it is connected.
   * @throws Error: it cannot be, or not within the time; the message says why.
   */
  static open({ host, port, tls }: TcpTarget, withinMs: Millis): Promise<TcpPort> {
    return new Promise((resolve, reject) => {
      const { socket, opened } = openSocket(host, port, tls);
      const fail = (why: string): void => {
        socket.destroy();
        reject(new Error(`cannot reach ${joinHostPort(host, port)}: ${why}`));
      };
      socket.setTimeout(withinMs, () => fail(`no answer within ${withinMs} ms`));
      socket.on('error', (error) => fail(connectErrorText(error)));
      socket.once(opened, () => resolve(new TcpPort(socket)));
    });
  }

  /** Bytes that the kernel has not taken yet. */
  get bufferedBytes(): number {
    return this.#socket.writableLength;
  }

  postMessage(bytes: Uint8Array, transfer?: readonly ArrayBuffer[]): void {
    if (!this.#isOver) this.#socket.write(transfer === undefined ? new Uint8Array(bytes) : bytes);
  }

  /** Send bytes of a SharedArrayBuffer, which must not change before they are answered. */
  share(bytes: Uint8Array): void {
    if (!this.#isOver) this.#socket.write(bytes);
  }

  on(event: 'message', listener: (bytes: Uint8Array) => void): this;
  on(event: 'close', listener: () => void): this;
  on(event: 'message' | 'close', listener: (bytes: Uint8Array) => void): this {
    if (event === 'message') this.#socket.on('data', listener);
    else {
      const before = this.#onClose;
      this.#onClose = () => {
        before?.();
        listener(new Uint8Array());
      };
      if (this.#socket.destroyed) setImmediate(() => this.#end());
    }
    return this;
  }

  close(): void {
    this.#isOver = true;
    this.#onClose = null;
    this.#socket.destroy();
  }

  /** The other end is gone. */
  #end(): void {
    this.#isOver = true;
    const tell = this.#onClose;
    this.#onClose = null;
    tell?.();
  }
}
