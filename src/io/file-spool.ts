/** A spool in a file that has no name any more: it is gone with the process, however that ends. */
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { Spool } from '../replication/tcp/spool.js';

let opened = 0;

/** @param folder - where the file lies. @throws as node:fs does. */
export function openSpool(folder: string): Spool {
  opened += 1;
  const name = path.join(folder, `temp-spool-${process.pid}.${opened}.rdb`);
  const file = openSync(name, 'wx+', 0o600);
  unlinkSync(name);
  let length = 0;
  return {
    get length() {
      return length;
    },
    write(bytes) {
      for (let done = 0; done < bytes.length;) {
        done += writeSync(file, bytes, done, bytes.length - done, length + done);
      }
      length += bytes.length;
    },
    read(at, maxBytes) {
      const bytes = Buffer.allocUnsafeSlow(Math.min(maxBytes, length - at));
      const count = readSync(file, bytes, 0, bytes.length, at);
      return bytes.subarray(0, count);
    },
    close: () => closeSync(file),
  };
}
