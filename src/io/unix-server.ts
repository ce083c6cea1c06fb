/**
 * Listen on a socket in the file system.
 *
 * @see redis/redis 7.0 src/server.c, initServer(); src/anet.c, anetUnixServer()
 */
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { RingleaderError } from '../base/errors.js';
import { errnoText } from './errno-text.js';

export interface UnixListenOptions {
  /** A socket that is there already, of an earlier server or another one, is replaced. */
  readonly path: string;
  /** Permissions; 0: as they come. */
  readonly permissions: number;
  /** Length of the queue of connections not yet accepted. */
  readonly backlog: number;
}

/**
 * @returns the server; the file goes when it is closed.
 * @throws RingleaderError CONFIG_INVALID, in the words of Redis.
 */
export async function listenUnix(
  onSocket: (socket: Socket) => void,
  { path, permissions, backlog }: UnixListenOptions,
): Promise<Server> {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, onSocket);
  try {
    rmSync(path, { force: true });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ path, backlog }, resolve);
    });
    if (permissions !== 0) chmodSync(path, permissions);
  } catch (error) {
    server.close();
    throw new RingleaderError(
      'CONFIG_INVALID',
      `Failed opening Unix socket: bind: ${errnoText(error)}`,
      { cause: error },
    );
  }
  return server;
}
