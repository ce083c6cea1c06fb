/**
 * Where a sentinel listens, and how its clients' sockets come in: as a process of its own over TCP,
 * TLS or both, as its file says; in a cluster over TCP, where the cluster says.
 *
 * @see redis/redis 7.0.15 src/sentinel.c, sentinelSendHello(): the port that others are told
 */
import type { Socket } from 'node:net';
import type { Config } from '../src/config/config.js';
import { closeServer, listen, type ListenOptions, type TcpServer } from '../src/io/tcp-server.js';
import { checkTls } from '../src/io/tls-context.js';
import { TlsServer } from '../src/io/tls-server.js';
import { listenUnix } from '../src/io/unix-server.js';
import { unixSocket } from './node-config.js';

export interface SentinelServer extends TcpServer {
  /** What other sentinels are told: the one for TLS, where links go over TLS. */
  readonly announcedPort: number;
}

/** Listen where the cluster says. @throws RingleaderError ADDRESS_IN_USE, CONFIG_INVALID */
export async function listenAt(
  onSocket: (socket: Socket) => void,
  options: ListenOptions,
): Promise<SentinelServer> {
  const server = await listen(onSocket, options);
  return { ...server, announcedPort: server.port };
}

/**
 * Listen as the configuration of a process says.
 *
 * @param onSocket - told of each connection, of one over TLS when its handshake is done.
 * @param log - is told why a handshake failed.
 * @throws RingleaderError ADDRESS_IN_USE
 * @throws RingleaderError CONFIG_INVALID: an address or a file of TLS is not usable.
 */
export async function listenAlone(
  config: Config,
  onSocket: (socket: Socket, name?: string) => void,
  log: (text: string) => void,
): Promise<SentinelServer> {
  const tlsServer = new TlsServer(config, log);
  checkTls(config, () => tlsServer.renew());
  const at = { bind: config.bind.value, backlog: config.tcpBacklog.value };
  const tlsPort = config.tlsPort.value;
  const open: TcpServer[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(open.map((server) => server.close()));
  };
  try {
    const { unix } = unixSocket(config);
    if (config.port.value > 0 || (tlsPort === 0 && unix === undefined)) {
      open.push(await listen(onSocket, { ...at, port: config.port.value }));
    }
    if (tlsPort > 0) {
      tlsServer.onSecure = (socket) => {
        onSocket(socket);
        socket.resume();
      };
      const paused: ListenOptions = { ...at, port: tlsPort, startsPaused: true };
      open.push(await listen((socket) => tlsServer.accept(socket), paused));
    }
    if (unix !== undefined) {
      const onLocal = (socket: Socket): void => {
        onSocket(socket, `${unix.path}:0`);
        socket.resume();
      };
      const server = await listenUnix(onLocal, { ...unix, backlog: at.backlog });
      open.push({ port: 0, close: () => closeServer(server) });
    }
  } catch (error) {
    await close();
    throw error;
  }
  const { port } = open[0]!;
  // Over a socket in the file system alone, no sentinel finds this one.
  const overTls = config.tlsReplication.value && tlsPort > 0;
  return { port, announcedPort: overTls ? tlsPort : port, close };
}
