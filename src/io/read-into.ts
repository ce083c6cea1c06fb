/**
 * Have a server's socket read into one buffer, over and over.
 *
 * Left to itself Node allocates 64 KiB for every read, shrinks it to what came, and passes it
 * through a stream. A client socket can be given a buffer instead (`onread`); a server cannot ask
 * for that, so the accepted handle is moved into a socket of our own that has one.
 *
 * The handle is a private field of Node's, so this is done only where it was seen to work
 * (`probe-sockets.ts`); elsewhere the socket is read as any other.
 */
import { Socket } from 'node:net';
import type { SocketPaths } from '../base/socket-paths.js';

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

/** @param isLent - the bytes are valid until it returns; else they may be kept. */
type OnBytes = (bytes: Uint8Array, isLent: boolean) => void;

/**
 * @param socket - just accepted, by a server with `pauseOnConnect`: nothing has been read.
 * @param onBytes - gets what was read.
 * @returns the socket to use from now on, paused.
 */
export function readInto(
  socket: Socket,
  buffer: ReadBuffer,
  path: SocketPaths['read'],
  onBytes: OnBytes,
): Socket {
  const own = path === 'handle' ? takeHandle(socket, buffer, onBytes) : null;
  if (own === null) socket.on('data', (bytes: Buffer) => onBytes(bytes, false));
  return own ?? socket;
}

function takeHandle(accepted: Socket, buffer: ReadBuffer, onBytes: OnBytes): Socket | null {
  if (!('_handle' in accepted)) return null;
  const handle = accepted._handle;
  if (typeof handle !== 'object' || handle === null || !('useUserBuffer' in handle)) return null;
  const options = {
    handle,
    allowHalfOpen: true,
    onread: {
      buffer: buffer.bytes,
      callback(bytes: number) {
        onBytes(buffer.beginning(bytes), true);
        return true;
      },
    },
  };
  accepted._handle = null;
  const own = new Socket(options);
  // The server counts the accepted one among its connections until that is destroyed.
  own.once('close', () => accepted.destroy());
  return own.pause();
}
