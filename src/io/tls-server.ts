/**
 * The TLS side of connections that this node accepts: a handshake, then they are clients as others.
 *
 * The listener is a plain one; each socket is handed to a TLS server that does not listen itself,
 * so that new certificates and rules (CONFIG SET) are for the next connection and no port is
 * closed.
 *
 * @see redis/redis 7.0.15 src/tls.c, connTLSAccept()
 */
import type { Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import type { Config } from '../config/config.js';
import { joinAddress } from './tcp-transport.js';
import { serverTls } from './tls-context.js';

export class TlsServer {
  readonly #config: Config;
  readonly #log: (text: string) => void;
  #server: Server | null = null;
  /** Takes the sockets whose handshake is done, paused. */
  onSecure: (socket: Socket) => void = (socket) => void socket.destroy();

  /** @param log - is told why a connection was refused. */
  constructor(config: Config, log: (text: string) => void) {
    this.#config = config;
    this.#log = log;
  }

  /** Take what the directives say now. @throws Error naming what is wrong with one. */
  renew(): void {
    if (this.#config.tlsPort.value === 0) return;
    const asksOnly = this.#config.tlsAuthClients.value === 'optional';
    const server = createServer({ ...serverTls(this.#config), pauseOnConnect: true });
    server.on('secureConnection', (socket) => {
      socket.on('error', () => socket.destroy());
      if (asksOnly && isStranger(socket)) {
        this.#refuse('certificate verify failed', socket);
        socket.destroy();
      } else this.onSecure(socket);
    });
    server.on('tlsClientError', (error, socket) => this.#refuse(error.message, socket));
    this.#server = server;
  }

  /** @param socket - just accepted, and not read from. */
  accept(socket: Socket): void {
    socket.on('error', () => socket.destroy());
    if (this.#server === null) this.renew();
    this.#server?.emit('connection', socket);
  }

  #refuse(why: string, socket: Socket): void {
    const from = joinAddress(socket.remoteAddress, socket.remotePort);
    const at = joinAddress(socket.localAddress, socket.localPort);
    this.#log(`Error accepting a client connection: ${why} (addr=${from} laddr=${at})`);
  }
}

/** It has shown a certificate, which it need not, and the authority has not signed that. */
function isStranger(socket: TLSSocket): boolean {
  return !socket.authorized && Object.keys(socket.getPeerCertificate()).length > 0;
}
