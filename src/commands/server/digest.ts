/**
 * DEBUG DIGEST: a fingerprint of the data, equal to the one that Redis gives for the same data.
 *
 * Keys have no order, so their digests are joined by exclusive or; within a key the digest is taken
 * of the digest so far and the next part. Each database with keys is led in by its number.
 *
 * @see redis/redis 7.0.15 src/debug.c, computeDatasetDigest(), xorObjectDigest()
 */
import { sha1 } from '../../base/sha1.js';
import { TYPE_STRING } from '../../core/assembly/layout.js';
import type { EngineDatabase, EngineKeyspace } from '../engine.js';

const DIGEST_BYTES = 20;

/** @returns 40 hexadecimal digits; all zero for no data. */
export function datasetDigest(keyspace: EngineKeyspace): string {
  let all: Uint8Array = new Uint8Array(DIGEST_BYTES);
  for (let index = 0; index < keyspace.databases; index++) {
    const db = keyspace.db(index);
    if (db.size() === 0) continue;
    all = mix(all, bigEndian(index));
    const seen = new Set<string>(); // A scan may meet a key twice, which would undo it.
    let cursor = 0n;
    do {
      cursor = db.scan(cursor, 1000, (key) => {
        const id = key.toString('latin1');
        if (seen.has(id)) return;
        seen.add(id);
        all = join(all, sha1(valueDigest(db, key, mix(new Uint8Array(DIGEST_BYTES), key))));
      });
    } while (cursor !== 0n);
  }
  return hex(all);
}

/** @returns 40 hexadecimal digits; all zero for a key that is missing. */
export function keyDigest(db: EngineDatabase, key: Uint8Array): string {
  const none = new Uint8Array(DIGEST_BYTES);
  return hex(db.exists(key) ? valueDigest(db, key, none) : none);
}

function valueDigest(db: EngineDatabase, key: Uint8Array, before: Uint8Array): Uint8Array {
  const value = db.peekString(key) ?? new Uint8Array(0);
  const digest = mix(mix(before, bigEndian(TYPE_STRING)), value);
  return db.expireAt(key) >= 0 ? join(digest, sha1(Buffer.from('!!expire!!'))) : digest;
}

function mix(digest: Uint8Array, bytes: Uint8Array): Uint8Array {
  return sha1(join(digest, sha1(bytes)));
}

function join(one: Uint8Array, other: Uint8Array): Uint8Array {
  return one.map((byte, index) => byte ^ (other[index] ?? 0));
}

function bigEndian(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
