/**
 * Which of Node's ways to read and write a socket a thread takes.
 *
 * The public ones work everywhere. The private ones (a socket's handle) cost less, and are taken
 * only where they were tried on this very Node when the process started: `src/io/probe-sockets.ts`.
 */
export interface SocketPaths {
  /**
   * 'handle': an accepted handle is read into one buffer, over and over (`src/io/read-into.ts`).
   */
  readonly read: 'public' | 'handle';
  /**
   * How a handle's write tells of its end (`src/io/socket-writer.ts`). 'request': through an object
   * that comes with the write; 'returned': through one that it returns, if there is anything to
   * tell.
   */
  readonly write: 'public' | 'request' | 'returned';
}

export const PUBLIC_SOCKETS: SocketPaths = { read: 'public', write: 'public' };
