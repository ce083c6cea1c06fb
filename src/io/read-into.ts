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

/** What is as short as this is looked at in a view that was made before. */
const SHORT = 4096;

/** Where sockets are read into: one for all of a thread. */
export class ReadBuffer {
  readonly bytes: Buffer;
  readonly #beginnings: (Uint8Array | undefined)[] = Array.from({ length: SHORT + 1 });

  constructor(length: number) {
    this.bytes = Buffer.allocUnsafeSlow(length);
  }

  /** The first so many bytes. Requests of the same few lengths come over and over. */
  beginning(length: number): Uint8Array {
    if (length > SHORT) return this.bytes.subarray(0, length);
    return (this.#beginnings[length] ??= this.bytes.subarray(0, length));
  }
}

/**
 * @param socket - just accepted, by a server with `pauseOnConnect`: nothing has been read.
 * @param onBytes - gets what was read; the bytes are valid until it returns.
 * @returns the socket to use from now on, paused.
 */
export function readInto(
  socket: Socket,
  buffer: ReadBuffer,
  onBytes: (bytes: Uint8Array) => void,
): Socket {
  const own = takeHandle(socket, buffer, onBytes);
  if (own === null) socket.on('data', onBytes);
  return own ?? socket;
}

function takeHandle(
  socket: Socket,
  buffer: ReadBuffer,
  onBytes: (bytes: Uint8Array) => void,
): Socket | null {
  // `_server` counts the socket among the server's connections until it is destroyed.
  if (!('_handle' in socket && '_server' in socket)) return null;
  const handle = socket._handle;
  if (typeof handle !== 'object' || handle === null || !('useUserBuffer' in handle)) return null;
  const options = {
    handle,
    allowHalfOpen: true,
    onread: {
      buffer: buffer.bytes,
      callback(bytes: number) {
        onBytes(buffer.beginning(bytes));
        return true;
      },
    },
  };
  socket._handle = null;
  const own = new Socket(options);
  Object.assign(own, { _server: socket._server });
  socket._server = null;
  return own.pause();
}
