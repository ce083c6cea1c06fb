/**
 * The file that tells others which process this is.
 *
 * @see redis/redis 7.0 src/server.c, createPidFile()
 */
import { rmSync, writeFileSync } from 'node:fs';
import { errnoText } from './errno-text.js';

/**
 * @param path - '': none is wanted.
 * @returns null, or why it could not be written, which is no reason not to serve.
 */
export function writePidFile(path: string): string | null {
  if (path === '') return null;
  try {
    writeFileSync(path, `${process.pid}\n`);
    return null;
  } catch (error) {
    return `Failed to write PID file: ${errnoText(error)}`;
  }
}

/** At the end of the process: no reader is to be led to another one that gets the same number. */
export function removePidFile(path: string): void {
  if (path === '') return;
  try {
    rmSync(path, { force: true });
  } catch {
    // It may lie where this process may not write, and then it did not write it.
  }
}
