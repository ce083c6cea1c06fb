/**
 * One user at a time for a folder, among all threads and processes of the machine.
 *
 * What holds a folder is a socket that is listened on, not a file in it: it goes with the thread
 * that made it, however that ends, so there is no lock of the dead to be told from one of the
 * living. On Linux it has a name without a file, on Windows that of a pipe; elsewhere it is a file
 * among the temporary ones, and one that nothing answers on is of the dead.
 */
import { createHash } from 'node:crypto';
import { realpathSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Millis } from '../base/time.js';
import { closeServer } from './tcp-server.js';

/** What a process that is ending holds may be free a moment later: for so long it is waited for. */
const WAIT_MS: Millis = 1000;
const TRY_EVERY_MS: Millis = 20;

/** @returns what lets go of it; null: another has it. */
export async function lockFolder(folder: string): Promise<(() => Promise<void>) | null> {
  const name = nameOf(folder);
  const giveUpAt = performance.now() + WAIT_MS;
  let server = await lock(name);
  while (server === 'in use' && performance.now() < giveUpAt) {
    await sleep(TRY_EVERY_MS);
    server = await lock(name);
  }
  if (server === 'in use') return null;
  const held = server;
  return () => (held === null ? Promise.resolve() : closeServer(held));
}

async function lock(name: string): Promise<Server | 'in use' | null> {
  const server = await listen(name);
  const isFile = path.isAbsolute(name) && process.platform !== 'win32';
  if (server !== 'in use' || !isFile || (await isAnswered(name))) return server;
  rmSync(name, { force: true });
  return listen(name);
}

function nameOf(folder: string): string {
  let real = path.resolve(folder);
  try {
    real = realpathSync(real);
  } catch {
    // It is not there yet: its name is what others call it too.
  }
  const id = `ringleader-${createHash('sha256').update(real).digest('hex').slice(0, 32)}`;
  if (process.platform === 'linux') return `\0${id}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${id}`;
  return path.join(tmpdir(), id);
}

/** @returns null: such a socket cannot be had here, so that nothing is locked. */
function listen(name: string): Promise<Server | 'in use' | null> {
  return new Promise((resolve) => {
    try {
      const server = createServer((socket) => socket.destroy());
      server.once('error', (error: NodeJS.ErrnoException) => {
        resolve(error.code === 'EADDRINUSE' ? 'in use' : null);
      });
      server.listen(name, () => resolve(server));
      server.unref();
    } catch {
      resolve(null);
    }
  });
}

function isAnswered(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(name, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
