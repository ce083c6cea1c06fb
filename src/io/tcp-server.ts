/**
 * Listen on TCP and give each client a connection of the executor.
 *
 * @see redis/redis 7.0 src/networking.c, acceptCommonHandler(); src/server.c, listenToPort()
 */
import { createServer, type Server, type Socket } from 'node:net';
import { errnoText } from './errno-text.js';
import { RingleaderError } from '../base/errors.js';
import { joinHostPort } from '../base/host-port.js';
import { Connection, type ServingNode } from '../server/connection/connection.js';
import { type BindAddress, parseBindAddress, resolveHost } from './bind-addresses.js';
import { MovableListener, type Place } from './movable-listener.js';
import { PUBLIC_SOCKETS, type SocketPaths } from '../base/socket-paths.js';
import { ReadBuffer, readInto } from './read-into.js';
import { TcpTransport } from './tcp-transport.js';
import type { TlsServer } from './tls-server.js';
import { listenUnix } from './unix-server.js';

export interface TcpServer {
  /** The port in use, of interest when 0 was asked for; where there is none, the one for TLS. */
  readonly port: number;
  /** Stop listening; connections live on. Resolves when the port is free. */
  close(): Promise<void>;
}

export interface ListenOptions {
  /** 0: any free one, the same on all addresses. */
  readonly port: number;
  /** Addresses as `bind` has them; a host's name is one too. */
  readonly bind: readonly string[];
  /** Length of the queue of connections not yet accepted. */
  readonly backlog?: number;
  /** Nothing is read from a socket before its resume(). */
  readonly startsPaused?: boolean;
  /** Told of each address that is passed over where others are not, in Redis' words. */
  readonly onPassedOver?: (text: string) => void;
}

/** A node's listeners, which may go elsewhere. */
export interface ClientServer extends TcpServer {
  /**
   * Ports of 0: not to listen there.
   *
   * @throws RingleaderError as serveTcp() does. What could not be had is left; the way back is
   *   another move.
   */
  move(place: Place & { readonly tlsPort: number }): Promise<void>;
}

interface ServeOptions extends ListenOptions {
  /** Whether to listen on `port`; default: yes. */
  readonly listensPlainly?: boolean;
  /** A port for TLS, 0 for none yet, and what does its handshakes; absent: there is no TLS. */
  readonly tls?: { readonly port: number; readonly server: TlsServer };
  /** A socket in the file system to listen on as well; absent: none. */
  readonly unix?: { readonly path: string; readonly permissions: number };
}

const DEFAULT_BACKLOG = 511;
export const TOO_MANY_CLIENTS = '-ERR max number of clients reached\r\n';
/** How many ports are tried where any will do. */
const FREE_PORT_TRIES = 16;
/** Redis' words for a server without an address. */
export const NOWHERE = 'Configured to not listen anywhere, exiting.';
/** What is read from a socket at a time, at most. */
const READ_BYTES = 64 * 1024;

/**
 * Serve a node's clients.
 *
 * @throws RingleaderError ADDRESS_IN_USE: the message names host and port.
 * @throws RingleaderError CONFIG_INVALID: the address is not one of this machine's, or not allowed.
 */
export async function serveTcp(
  node: ServingNode,
  options: ServeOptions,
  paths: SocketPaths = PUBLIC_SOCKETS,
): Promise<ClientServer> {
  const { unix, tls, listensPlainly = true, backlog = DEFAULT_BACKLOG, bind } = options;
  const buffer = new ReadBuffer(READ_BYTES);
  const accept = (socket: Socket): void => acceptClient(node, socket, { ...paths, buffer });
  const plain = new MovableListener((place) =>
    listen(accept, { ...options, ...place, startsPaused: true }),
  );
  const secure = new MovableListener((place) =>
    listen((socket) => tls?.server.accept(socket), { ...options, ...place }),
  );
  if (tls !== undefined) {
    tls.server.onSecure = (socket) => acceptClient(node, socket, { ...PUBLIC_SOCKETS, buffer });
  }
  let local: Server | null = null;
  const close = async (): Promise<void> => {
    const closed = local === null ? undefined : closeServer(local);
    await Promise.all([plain.close(), secure.close(), closed]);
  };
  try {
    if (listensPlainly) await plain.open({ port: options.port, bind });
    if (tls !== undefined && tls.port > 0) await secure.open({ port: tls.port, bind });
    if (unix !== undefined) {
      const name = `${unix.path}:0`;
      const acceptLocal = (socket: Socket): void =>
        acceptClient(node, socket, { ...PUBLIC_SOCKETS, buffer }, name);
      local = await listenUnix(acceptLocal, { ...unix, backlog });
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    get port() {
      return plain.port || secure.port;
    },
    async move(place) {
      await plain.move(place);
      await secure.move({ port: place.tlsPort, bind: place.bind });
    },
    close,
  };
}

/**
 * Listen, whatever is done with the sockets. An address that may be missing, or is of a family that
 * this machine does not have, is passed over; one that cannot be had ends all.
 *
 * @throws RingleaderError ADDRESS_IN_USE
 * @throws RingleaderError CONFIG_INVALID: also if no address is left.
 */
export async function listen(
  onSocket: (socket: Socket) => void,
  options: ListenOptions,
): Promise<TcpServer> {
  const picksPort = options.port === 0 && options.bind.length > 1;
  for (let triesLeft = picksPort ? FREE_PORT_TRIES : 1; ; triesLeft--) {
    try {
      return await listenOnAll(onSocket, options);
    } catch (error) {
      // A port that was free on one address may be taken on another.
      const isTaken = error instanceof RingleaderError && error.code === 'ADDRESS_IN_USE';
      if (!isTaken || triesLeft <= 1) throw error;
    }
  }
}

async function listenOnAll(
  onSocket: (socket: Socket) => void,
  options: ListenOptions,
): Promise<TcpServer> {
  const servers: Server[] = [];
  const passedOver: string[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(servers.map(closeServer));
  };
  let { port } = options;
  for (const address of options.bind.map(parseBindAddress)) {
    try {
      const server = await listenOn(address, port, onSocket, options);
      servers.push(server);
      port = portOf(server);
    } catch (error) {
      if (canBePassedOver(address, error)) {
        const where = joinHostPort(address.host, port);
        passedOver.push(
          `Warning: Could not create server TCP listening socket ${where}: bind: ${errnoText(error)}`,
        );
        continue;
      }
      await close();
      throw listenError(error, address.host, port);
    }
  }
  for (const text of passedOver) options.onPassedOver?.(text);
  if (servers.length === 0) {
    throw new RingleaderError('CONFIG_INVALID', NOWHERE);
  }
  return { port, close };
}

async function listenOn(
  address: BindAddress,
  port: number,
  onSocket: (socket: Socket) => void,
  { backlog = DEFAULT_BACKLOG, startsPaused = false }: ListenOptions,
): Promise<Server> {
  const host = await resolveHost(address);
  // A client that has ended its side may still be owed replies.
  const sockets = { noDelay: true, allowHalfOpen: true, pauseOnConnect: startsPaused };
  const server = createServer(sockets, onSocket);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, backlog, ipv6Only: address.isIPv6 }, resolve);
  });
  return server;
}

export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

function canBePassedOver({ isOptional }: BindAddress, error: unknown): boolean {
  const { code } = Object(error);
  return (isOptional && code === 'EADDRNOTAVAIL') || code === 'EAFNOSUPPORT';
}

function acceptClient(
  node: ServingNode,
  accepted: Socket,
  { read, write, buffer }: SocketPaths & { readonly buffer: ReadBuffer },
  unixName: string | null = null,
): void {
  const { access, config, stats, clients } = node;
  const isFull = clients.size >= config.maxclients.value;
  const isOutside = unixName === null;
  const refusedOutside = isOutside
    ? protectedModeRefusal(config.protectedMode.value && access.isOpen, accepted)
    : null;
  const refused = isFull ? TOO_MANY_CLIENTS : refusedOutside;
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
  if (keepaliveMs > 0 && isOutside) socket.setKeepAlive(true, keepaliveMs);
  const connection = new Connection(node, new TcpTransport(socket, write, unixName));
  socket.on('end', () => socket.end());
  socket.on('close', () => connection.closed());
  socket.resume();
}

/**
 * @param isProtected - protected mode is on, and clients are asked for no password.
 * @returns what to tell a client from another machine then, or null.
 */
export function protectedModeRefusal(isProtected: boolean, socket: Socket): string | null {
  const address = socket.remoteAddress ?? '';
  const isLocal = /^(::ffff:)?127\./.test(address) || address === '::1';
  if (isLocal || !isProtected) return null;
  return '-DENIED Redis is running in protected mode because protected mode is enabled and no password is set for the default user. In this mode connections are only accepted from the loopback interface. Set a password with requirepass, or disable protected mode with CONFIG SET protected-mode no, to accept connections from other hosts.\r\n';
}

function listenError(error: unknown, host: string, port: number): RingleaderError {
  const where = joinHostPort(host, port);
  const isInUse = Object(error).code === 'EADDRINUSE';
  const why = isInUse ? 'the port is in use by another program' : errnoText(error);
  return new RingleaderError(
    isInUse ? 'ADDRESS_IN_USE' : 'CONFIG_INVALID',
    `cannot listen on ${where}: ${why}`,
    { cause: error },
  );
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
