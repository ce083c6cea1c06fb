/** `DEBUG OBJECT`, `DEBUG SDSLEN`, `DEBUG HTSTATS`: how keys and index are held. */
import type { Config } from '../../config/config.js';
import { RdbCursor } from '../../rdb/cursor.js';
import { shortest } from '../../rdb/dump.js';
import { ReplyError, reply } from '../../resp/reply.js';
import { integerArg } from '../arguments.js';
import type { CommandContext } from '../context.js';
import { referencesTo } from '../generic/references.js';
import type { CommandResult } from '../spec.js';

/** The address is that of the key's entry in the core's memory. */
export function describeObject(
  { config, db, nowMs }: CommandContext,
  [, , key = NONE]: readonly Buffer[],
): CommandResult {
  const address = db.addressOf(key);
  const value = db.values.dump(key, false);
  if (address === null || value === null) throw new ReplyError('ERR no such key');
  const idle = db.access.idleSeconds(key) ?? 0;
  const lru = (Math.floor(nowMs / 1000) - idle) & 0xffffff;
  return reply.simple(
    [
      `Value at:0x${address.toString(16)}`,
      `refcount:${referencesTo({ config }, db, key)}`,
      `encoding:${db.encodingOf(key)}`,
      `serializedlength:${shortest(value).length - 1}`,
      `lru:${lru}`,
      `lru_seconds_idle:${idle}`,
      ...(db.encodingOf(key) === 'quicklist' ? nodesOf(config, value, db.values.size(key)) : []),
    ].join(' '),
  );
}

/**
 * A list's nodes. @param value - the list as RDB has it: a length, then for each what it is, and
 * its bytes.
 */
function nodesOf(config: Config, value: Buffer, count: number): string[] {
  const cursor = new RdbCursor(value, 1);
  const nodes = cursor.length();
  let bytes = 0;
  for (let left = nodes; left > 0; left--) {
    cursor.length();
    bytes += cursor.string().length;
  }
  return [
    `ql_nodes:${nodes}`,
    `ql_avg_node:${(count / nodes).toFixed(2)}`,
    `ql_listpack_max:${config.collections.listMaxListpackSize.value}`,
    'ql_compressed:0',
    `ql_uncompressed_size:${bytes}`,
  ];
}

/** Key and value lie in one block here, whose size is told as the value's. */
export function describeString(
  { db }: CommandContext,
  [, , key = NONE]: readonly Buffer[],
): CommandResult {
  if (!db.exists(key)) throw new ReplyError('ERR no such key');
  const value = db.typeOf(key) === 'string' ? db.peekString(key) : null;
  if (value === null || db.encodingOf(key) === 'int')
    throw new ReplyError('ERR Not an sds encoded string.');
  const block = db.memoryUsage(key) ?? 0;
  return reply.simple(
    [
      `key_sds_len:${key.length}, key_sds_avail:0, key_zmalloc: ${key.length}`,
      `val_sds_len:${value.length}, val_sds_avail:0, val_zmalloc: ${block - key.length}`,
    ].join(', '),
  );
}

/** The index of a database, in the words of Redis' tables. */
export function describeIndex(
  { keyspace }: CommandContext,
  [, , index]: readonly Buffer[],
): CommandResult {
  const id = integerArg(index);
  if (id < 0 || id >= keyspace.databases) throw new ReplyError('ERR Out of range database');
  const db = keyspace.db(id);
  const title = 'Hash table 0 stats (main hash table):\n';
  return reply.verbatim(
    [
      `[Dictionary HT]\n${title}${table(db.buckets(), db.size())}`,
      `[Expires HT]\n${title}${table(db.expiresSize(), db.expiresSize())}`,
    ].join(''),
  );
}

function table(size: number, elements: number): string {
  return elements === 0
    ? 'No stats available for empty dictionaries\n'
    : ` table size: ${size}\n number of elements: ${elements}\n`;
}

const NONE = Buffer.alloc(0);
