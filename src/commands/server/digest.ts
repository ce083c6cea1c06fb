/**
 * DEBUG DIGEST: a fingerprint of the data, equal to the one that Redis gives for the same data.
 *
 * Keys have no order, so their digests are joined by exclusive or; within a key the digest is taken
 * of the digest so far and the next part. Each database with keys is led in by its number.
 *
 * @see redis/redis 7.0.15 src/debug.c, computeDatasetDigest(), xorObjectDigest()
 */
import { sha1 } from '../../base/sha1.js';
import {
  TYPE_HASH,
  TYPE_LIST,
  TYPE_SET,
  TYPE_STREAM,
  TYPE_STRING,
  TYPE_ZSET,
} from '../../core/assembly/layout.js';
import type { Database } from '../../keyspace/database.js';
import type { Keyspace } from '../../keyspace/keyspace.js';

const DIGEST_BYTES = 20;

const TYPES = new Map<string, number>([
  ['list', TYPE_LIST],
  ['set', TYPE_SET],
  ['zset', TYPE_ZSET],
  ['hash', TYPE_HASH],
  ['stream', TYPE_STREAM],
]);

/** @returns 40 hexadecimal digits; all zero for no data. */
export function datasetDigest(keyspace: Keyspace): string {
  let all: Uint8Array = new Uint8Array(DIGEST_BYTES);
  for (let index = 0; index < keyspace.databases; index++) {
    const db = keyspace.db(index);
    if (db.size() === 0) continue;
    all = mix(all, bigEndian(index));
    const seen = new Set<string>(); // A scan may meet a key twice, which would undo it.
    let cursor = 0n;
    do {
      cursor = db.keys.scan(cursor, 1000, (key) => {
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
export function keyDigest(db: Database, key: Uint8Array): string {
  const none = new Uint8Array(DIGEST_BYTES);
  return hex(db.exists(key) ? valueDigest(db, key, none) : none);
}

function valueDigest(db: Database, key: Uint8Array, before: Uint8Array): Uint8Array {
  const type = TYPES.get(db.typeOf(key)) ?? TYPE_STRING;
  const start = mix(before, bigEndian(type));
  const digest =
    type === TYPE_STRING
      ? mix(start, db.peekString(key) ?? new Uint8Array(0))
      : elementsDigest(type, db.values.elements(key), start);
  return db.expireAt(key) >= 0 ? join(digest, sha1(Buffer.from('!!expire!!'))) : digest;
}

/** Pairs, and what has no order, are joined; a list's elements and a stream's are mixed in turn. */
function elementsDigest(
  type: number,
  elements: readonly Uint8Array[],
  start: Uint8Array,
): Uint8Array {
  const none = new Uint8Array(DIGEST_BYTES);
  if (type === TYPE_SET) return elements.reduce((all, each) => join(all, sha1(each)), start);
  if (type !== TYPE_HASH && type !== TYPE_ZSET) return elements.reduce(mix, start);
  let all = start;
  for (let i = 0; i < elements.length; i += 2) {
    const [first = none, second = none] = elements.slice(i, i + 2);
    all = join(all, sha1(mix(mix(none, first), second)));
  }
  return all;
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
