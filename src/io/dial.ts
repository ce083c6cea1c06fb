/** Connections that a node or a sentinel begins to others outside the process, over TCP or TLS. */
import { connect, isIP, type NetConnectOpts, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Config } from '../config/config.js';
import type { Dial } from '../replication/tcp/line.js';
import { clientTls } from './tls-context.js';

/** Seconds after which an idle connection is probed by the kernel. */
const KEEP_ALIVE_MS = 300_000;

/** @param config - asked at each connection: `bind-source-addr`, `tls-replication`… */
export function tcpDial(config: Config): Dial {
  return (host, port, handlers) => {
    let isOver = false;
    const end = (reason: string): void => {
      if (isOver) return;
      isOver = true;
      handlers.onClose(reason);
    };
    let socket: Socket;
    try {
      socket = openSocket(config, host, port);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      setImmediate(() => end(reason));
      return { write() {}, close: () => (isOver = true) };
    }
    const opened = config.tlsReplication.value ? 'secureConnect' : 'connect';
    socket.on(opened, () => handlers.onOpen());
    socket.on('data', (bytes) => {
      if (!isOver) handlers.onBytes(bytes);
    });
    socket.on('error', (error) => end(error.message));
    socket.on('close', () => end('the connection was closed'));
    return {
      write: (bytes) => {
        if (!isOver) socket.write(bytes);
      },
      close() {
        isOver = true;
        socket.destroy();
      },
    };
  };
}

/**
 * Over TLS where `tls-replication` says so.
 *
 * @throws Error naming what is wrong with a directive.
 */
export function openSocket(config: Config, host: string, port: number): Socket {
  const from = config.bindSourceAddr.value;
  const options: NetConnectOpts = {
    host,
    port,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_MS,
    ...(from === '' ? {} : { localAddress: from }),
  };
  if (!config.tlsReplication.value) return connect(options);
  return connectTls({
    ...options,
    ...clientTls(config),
    ...(isIP(host) === 0 ? { servername: host } : {}),
    checkServerIdentity: () => undefined, // By its authority alone, as Redis does.
  });
}
