/**
 * Have a server's socket read into one buffer, over and over.
 *
 * Left to itself Node allocates 64 KiB for every read, shrinks it to what came, and passes it through
 * a stream. A client socket can be given a buffer instead (`onread`); a server cannot ask for that,
 * so the accepted handle is moved into a socket of our own that has one. At pipeline 16 that is a
 * fifth of what a request costs, and nearly all garbage there is.
 *
 * The fields it takes are Node's own, unchanged since `onread` came (12.10). Where they are missing,
 * the socket is read as any other.
 */
import { Socket } from 'node:net';

interface AcceptedSocket {
  _handle: { useUserBuffer?: unknown } | null;
  /** Counts the socket among the server's connections, until it is destroyed. */
  _server: unknown;
}

/**
 * @param socket - just accepted, by a server with `pauseOnConnect`: nothing has been read.
 * @param buffer - may be shared by all sockets of a thread.
 * @param onBytes - gets what was read; the bytes are valid until it returns.
 * @returns the socket to use from now on, paused.
 */
export function readInto(
  socket: Socket,
  buffer: Uint8Array,
  onBytes: (bytes: Uint8Array) => void,
): Socket {
  const accepted = socket as unknown as AcceptedSocket;
  const handle = accepted._handle;
  if (typeof handle?.useUserBuffer !== 'function' || !('_server' in accepted)) {
    socket.on('data', onBytes);
    return socket.pause();
  }
  accepted._handle = null;
  const options = {
    handle,
    allowHalfOpen: true,
    onread: {
      buffer,
      callback(bytes: number, into: Uint8Array) {
        onBytes(into.subarray(0, bytes));
        return true;
      },
    },
  };
  const own = new Socket(options);
  (own as unknown as AcceptedSocket)._server = accepted._server;
  accepted._server = null;
  return own.pause();
}
