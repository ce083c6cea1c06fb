/** Connections that a node begins: to its master outside the process. */
import { connect } from 'node:net';
import type { Dial } from '../replication/tcp/line.js';

/** Seconds after which an idle connection is probed by the kernel. */
const KEEP_ALIVE_MS = 300_000;

export function tcpDial(): Dial {
  return (host, port, handlers) => {
    const socket = connect({
      host,
      port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_MS,
    });
    let isOver = false;
    const end = (reason: string): void => {
      if (isOver) return;
      isOver = true;
      handlers.onClose(reason);
    };
    socket.on('connect', () => handlers.onOpen());
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
