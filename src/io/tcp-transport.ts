/** A TCP socket as a Transport. */
import type { Socket } from 'node:net';
import type { Transport } from '../server/connection/transport.js';
import { joinHostPort } from '../base/host-port.js';
import { PUBLIC_SOCKETS, type SocketPaths } from '../base/socket-paths.js';
import { SocketWriter } from './socket-writer.js';

export class TcpTransport implements Transport {
  readonly remoteAddress: string;
  readonly localAddress: string;
  readonly #socket: Socket;
  readonly #writer: SocketWriter;

  /**
   * @param name - what both ends are called that have no addresses: a socket in the file system.
   */
  constructor(
    socket: Socket,
    path: SocketPaths['write'] = PUBLIC_SOCKETS.write,
    name: string | null = null,
  ) {
    this.#socket = socket;
    this.#writer = new SocketWriter(socket, path);
    this.remoteAddress = name ?? joinAddress(socket.remoteAddress, socket.remotePort);
    this.localAddress = name ?? joinAddress(socket.localAddress, socket.localPort);
  }

  get bufferedBytes(): number {
    return this.#writer.bufferedBytes;
  }

  write(bytes: Uint8Array): void {
    this.#writer.write(bytes);
  }

  whenDrained(task: () => void): void {
    this.#writer.whenDrained(task);
  }

  setNoDelay(isOn: boolean): void {
    this.#socket.setNoDelay(isOn);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  end(): void {
    // Closed for reading as well once all is written: a client that goes on sending is told so.
    this.#socket.destroySoon();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}

/**
 * @returns `127.0.0.1:6379`, `[::1]:6379`; an IPv4 address that is mapped into IPv6 is written as
 * IPv4.
 */
export function joinAddress(address = '?', port = 0): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/, '');
  return joinHostPort(plain, port);
}
