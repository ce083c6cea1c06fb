/**
 * HyperLogLogs in the keyspace. One that is dense is changed where it stands; a sparse one, some
 * thousand bytes at the most, is copied, changed and stored again.
 */
import type { CommandContext } from '../context.js';
import type { Database } from '../../keyspace/database.js';
import { HyperLogLog } from './hyperloglog.js';

/** @returns null: there is no such key. @throws ReplyError WRONGTYPE */
export function lookUp(db: Database, key: Buffer): HyperLogLog | null {
  const held = db.viewString(key);
  return held === null ? null : HyperLogLog.of(held);
}

/**
 * Change the one at a key, which is made if there is none. It is stored even if `change` throws.
 *
 * @throws ReplyError WRONGTYPE; OOM: nothing has changed.
 */
export function changeAt(db: Database, key: Buffer, change: (hll: HyperLogLog) => void): void {
  const held = db.peekView(key);
  if (held === null) {
    const made = HyperLogLog.empty();
    change(made);
    put(db, key, made);
    return;
  }
  const hll = HyperLogLog.of(held);
  // From here on its encoding is `raw`, even if nothing changes.
  if (hll.isDense) {
    const opened = HyperLogLog.of(db.openString(key, 0).bytes);
    try {
      change(opened);
    } finally {
      db.closeString();
    }
    return;
  }
  const before = held.slice();
  const copy = HyperLogLog.of(held.slice());
  try {
    change(copy);
  } finally {
    if (Buffer.compare(copy.bytes, before) === 0) touchAt(db, key);
    else put(db, key, copy);
  }
}

/** What changes nothing but how OBJECT ENCODING and OBJECT IDLETIME describe the string. */
export function touchAt(db: Database, key: Buffer): void {
  db.openString(key, 0);
  db.closeString();
}

function put(db: Database, key: Buffer, hll: HyperLogLog): void {
  db.setString(key, hll.bytes, { keepTtl: true, isRaw: true });
}

/** Bytes that sparse ones may have. */
export function mostSparse({ config }: CommandContext): number {
  return config.hllSparseMaxBytes.value;
}
