/** A generator's connection to the master: over TCP, or through a port of this process. */
import { connect } from 'node:net';
import type { MessagePort } from 'node:worker_threads';

export interface LinkEvents {
  onOpen(): void;
  onBytes(bytes: Uint8Array): void;
  /** Once; not after `close`. */
  onLost(): void;
}

export interface LoadLink {
  /** @param bytes - in shared memory, and not changed until they are answered. */
  send(bytes: Uint8Array): void;
  close(): void;
}

export function tcpLink(host: string, port: number, events: LinkEvents): LoadLink {
  const socket = connect({ host, port, noDelay: true });
  let isOver = false;
  const lose = (): void => {
    if (isOver) return;
    isOver = true;
    socket.destroy();
    events.onLost();
  };
  socket.on('connect', () => events.onOpen());
  socket.on('data', (bytes) => events.onBytes(bytes));
  socket.on('error', lose);
  socket.on('close', lose);
  return {
    send: (bytes) => void socket.write(bytes),
    close() {
      isOver = true;
      socket.destroy();
    },
  };
}

/**
 * @param taken - the connection's counters (runtime/connection.ts); this is side 0, and counts what
 * it takes, so that the node knows how much of its replies is still under way.
 */
export function portLink(port: MessagePort, taken: Int32Array, events: LinkEvents): LoadLink {
  let isOver = false;
  port.on('message', (bytes: Uint8Array) => {
    Atomics.add(taken, 0, bytes.length);
    if (!isOver) events.onBytes(bytes);
  });
  port.on('close', () => {
    if (!isOver) events.onLost();
    isOver = true;
  });
  setImmediate(() => events.onOpen());
  return {
    send: (bytes) => port.postMessage(bytes),
    close() {
      isOver = true;
      port.close();
    },
  };
}
