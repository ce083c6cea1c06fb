/**
 * Listen on TCP and give each client a connection of the executor.
 *
 * @see redis/redis 7.0 src/networking.c, acceptCommonHandler()
 */
import { createServer, type Server, type Socket } from 'node:net';
import { RingleaderError } from '../base/errors.js';
import { Connection } from '../server/connection.js';
import type { NodeServices } from '../commands/context.js';
import { PUBLIC_SOCKETS, type SocketPaths } from '../base/socket-paths.js';
import { ReadBuffer, readInto } from './read-into.js';
import { TcpTransport } from './tcp-transport.js';

export interface TcpServer {
  /** The port in use: of interest when 0 was asked for. */
  readonly port: number;
  /** Stop listening; connections live on. Resolves when the port is free. */
  close(): Promise<void>;
}

export interface ListenOptions {
  /** 0: any free one. */
  readonly port: number;
  /** One address; undefined: all, IPv6 too where there is any. */
  readonly host?: string;
  /** Length of the queue of connections not yet accepted. */
  readonly backlog?: number;
  /** Nothing is read from a socket before its resume(). */
  readonly startsPaused?: boolean;
}

const TOO_MANY_CLIENTS = '-ERR max number of clients reached\r\n';
/** What is read from a socket at a time, at most. */
const READ_BYTES = 64 * 1024;

/**
 * Serve a node's clients.
 *
 * @throws RingleaderError ADDRESS_IN_USE: the message names host and port.
 * @throws RingleaderError CONFIG_INVALID: the address is not one of this machine's, or not allowed.
 */
export function serveTcp(
  services: NodeServices,
  options: ListenOptions,
  paths: SocketPaths = PUBLIC_SOCKETS,
): Promise<TcpServer> {
  const ways = { ...paths, buffer: new ReadBuffer(READ_BYTES) };
  return listen((socket) => acceptClient(services, socket, ways), {
    ...options,
    startsPaused: true,
  });
}

/**
 * Listen, whatever is done with the sockets.
 *
 * @throws RingleaderError ADDRESS_IN_USE | CONFIG_INVALID
 */
export async function listen(
  onSocket: (socket: Socket) => void,
  { port, host, backlog = 511, startsPaused = false }: ListenOptions,
): Promise<TcpServer> {
  // A client that has ended its side may still be owed replies.
  const sockets = { noDelay: true, allowHalfOpen: true, pauseOnConnect: startsPaused };
  const server = createServer(sockets, onSocket);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, host, port)));
    server.listen({ port, backlog, ...(host === undefined ? {} : { host }) }, resolve);
  });
  return {
    port: portOf(server),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
}

function acceptClient(
  services: NodeServices,
  accepted: Socket,
  { read, write, buffer }: SocketPaths & { readonly buffer: ReadBuffer },
): void {
  const { config, stats, clients } = services;
  const isFull = clients.size >= config.maxclients.value;
  const refused = isFull ? TOO_MANY_CLIENTS : protectedModeRefusal(services, accepted);
  if (refused !== null) {
    stats.rejectedConnections++;
    accepted.on('error', () => accepted.destroy());
    accepted.resume().end(refused);
    return;
  }
  const socket = readInto(accepted, buffer, read, (bytes, isLent) => {
    connection.receive(bytes, isLent);
  });
  socket.on('error', () => socket.destroy()); // The other side is gone; `close` follows.
  const keepaliveMs = config.tcpKeepalive.value * 1000;
  if (keepaliveMs > 0) socket.setKeepAlive(true, keepaliveMs);
  const connection = new Connection(services, new TcpTransport(socket, write));
  socket.on('end', () => socket.end());
  socket.on('close', () => connection.closed());
  socket.resume();
}

/** @returns what to tell a client from another machine when nothing protects the node, or null. */
function protectedModeRefusal({ config }: NodeServices, socket: Socket): string | null {
  const address = socket.remoteAddress ?? '';
  const isLocal = /^(::ffff:)?127\./.test(address) || address === '::1';
  if (isLocal || !config.protectedMode.value || config.requirepass.value !== '') return null;
  return '-DENIED Redis is running in protected mode because protected mode is enabled and no password is set for the default user. In this mode connections are only accepted from the loopback interface. Set a password with requirepass, or disable protected mode with CONFIG SET protected-mode no, to accept connections from other hosts.\r\n';
}

function listenError(
  error: NodeJS.ErrnoException,
  host: string | undefined,
  port: number,
): RingleaderError {
  const where = `${host ?? '*'}:${port}`;
  if (error.code === 'EADDRINUSE') {
    return new RingleaderError(
      'ADDRESS_IN_USE',
      `cannot listen on ${where}: the port is in use by another program`,
      { cause: error },
    );
  }
  return new RingleaderError('CONFIG_INVALID', `cannot listen on ${where}: ${error.message}`, {
    cause: error,
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
