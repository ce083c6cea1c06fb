/** Make folders that are missing. */
import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * Make a folder, and those above it that are missing.
 *
 * Not by Node's own `recursive`: until Node 26 it tries for ever, in the caller's thread, where the
 * system refuses a folder by saying that something is missing, as Linux does in /proc.
 *
 * @throws Error - the system's, with `errno`.
 */
export function makeFolders(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (isFolder(folder)) return;
    const parent = path.dirname(folder);
    if (Object(error).code !== 'ENOENT' || isFolder(parent)) throw error;
    makeFolders(parent);
    makeFolders(folder);
  }
}

function isFolder(name: string): boolean {
  try {
    return statSync(name).isDirectory();
  } catch {
    return false; // What is wrong, if anything, making it says.
  }
}
