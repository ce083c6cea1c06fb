/** Files that must survive a crash of the machine whole: the old text or the new one. */
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';

/** Replace a file's text (latin1), and return once it is on disk. @throws as node:fs does. */
export function replaceFile(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.tmp`;
  const handle = openSync(temporary, 'w');
  try {
    writeSync(handle, text, null, 'latin1');
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(temporary, file);
  const folder = openSync(path.dirname(file), 'r');
  try {
    fsyncSync(folder); // The new name is on disk as well.
  } finally {
    closeSync(folder);
  }
}
