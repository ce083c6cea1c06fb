/** The abortive close: a connection that ends with a reset (RST), whatever was under way on it. */
import type { Socket } from 'node:net';

/**
 * Reset the connection at once, or, while an end is on its way, as soon as it has gone.
 *
 * Between `end()` and its `finish` the operating system's shutdown is under way, and a reset is
 * refused then (EINVAL). Node (20 to 26) has forgotten the socket's handle by that time: it is
 * never closed, and its pending hang-up keeps the event loop turning for ever. Bytes that still
 * wait to be written put the shutdown off; a reset overtakes them, as it should.
 *
 * The socket needs an `error` listener.
 */
export function abortSocket(socket: Socket): void {
  if (socket.destroyed) return;
  const isShuttingDown =
    socket.writableEnded && !socket.writableFinished && socket.writableLength === 0;
  if (isShuttingDown) socket.once('finish', () => abortSocket(socket));
  else socket.resetAndDestroy();
}
