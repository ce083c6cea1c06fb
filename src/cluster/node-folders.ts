/**
 * The folders in which a cluster's nodes keep their data, and which of them has the newest.
 *
 * A cluster's last master need not be node 0, nor need all nodes have saved at the same moment. So
 * before any of them starts, each one's files are asked where in the replication history they
 * stand: the one that is furthest starts first, as master, and the others come as its replicas.
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';

import { RingleaderError } from '../base/errors.js';
import { refusal } from '../base/refuse.js';
import { Config } from '../config/config.js';
import { loadConfig } from '../config/load.js';
import { aofDisk } from '../io/aof-disk.js';
import { errnoText } from '../io/errno-text.js';
import { lockFolder } from '../io/folder-lock.js';
import { makeFolders } from '../io/make-folders.js';
import type { AofNames } from '../persistence/aof-load.js';
import { newestOf } from '../persistence/data-position.js';
import { DiskError } from '../persistence/disk.js';
import { findPosition } from '../persistence/find-position.js';
import { quote } from '../resp/split-args.js';
import type { Topology } from './options.js';

/** Redis would start empty here, and with the first save the file were gone. */
const UNREAD =
  'there is an RDB file and no append-only file, so its data would not be read: start without it, then CONFIG SET appendonly yes';

export function nodeFolder(dir: string, i: number): string {
  return path.join(dir, `node-${i}`);
}

/**
 * Have the folder for this cluster alone: two that write the same files leave neither's data.
 *
 * @returns what lets go of it.
 * @throws RingleaderError CONFIG_INVALID: another cluster of this machine has it.
 */
export async function claimFolder(dir: string | null): Promise<() => Promise<void>> {
  const unlock = dir === null ? () => Promise.resolve() : await lockFolder(dir);
  if (unlock === null) throw refusal('dir', 'a folder that no other cluster uses now', dir);
  return unlock;
}

/**
 * Make the folders that are missing.
 *
 * @returns the index of the node to start as master.
 * @throws RingleaderError CONFIG_INVALID: the folder cannot be used, or has newer data than any
 * node that is to be started.
 */
export function firstNode({ dir, replicas, config }: Topology): number {
  if (dir === null) return 0;
  const parsed = new Config();
  for (const name of ['appendonly', 'appenddirname', 'appendfilename', 'dbfilename']) {
    if (config[name] !== undefined) loadConfig(parsed, `${name} ${quote(config[name])}`);
  }
  const names = { folder: parsed.appenddirname.value, file: parsed.appendfilename.value };
  const aof = parsed.appendonly.value ? names : null;
  try {
    for (let i = 0; i <= replicas; i++) makeFolders(nodeFolder(dir, i));
    const newestBy = (file: AofNames | null): number =>
      newestOf(
        Array.from({ length: Math.max(replicas, lastFolder(dir)) + 1 }, (_, i) =>
          findPosition(
            aofDisk(() => nodeFolder(dir, i)),
            parsed.dbfilename.value,
            file,
          ),
        ),
      );
    const newest = newestBy(aof);
    if (newest < 0 && aof !== null && newestBy(null) >= 0)
      throw refusal('appendonly', UNREAD, true);
    if (newest > replicas) {
      throw refusal('replicas', `at least ${newest}: node-${newest} has the newest data`, replicas);
    }
    return Math.max(0, newest);
  } catch (error) {
    if (error instanceof RingleaderError) throw error;
    const why = error instanceof DiskError ? error.message : errnoText(error);
    throw new RingleaderError('CONFIG_INVALID', `cannot use dir: ${dir}: ${why}`, { cause: error });
  }
}

/** @returns the greatest index that a folder of an earlier start has. */
function lastFolder(dir: string): number {
  const found = readdirSync(dir).flatMap((name) => /^node-(\d{1,2})$/.exec(name)?.[1] ?? []);
  return Math.max(0, ...found.map(Number));
}
