/**
 * `DEBUG RELOAD`: write all data as RDB, forget them, read them back.
 *
 * It happens in memory and within the one command; replicas do not notice, because what is read
 * back is what was there.
 *
 * @see redis/redis 7.0.15 src/debug.c, debugCommand(); src/rdb.c, rdbSaveKeyValuePair()
 */
import { RingleaderError } from '../../base/errors.js';
import { RdbDecoder } from '../../rdb/decode.js';
import { shortest } from '../../rdb/dump.js';
import { encodeLength, encodeRdb, encodeString } from '../../rdb/encode.js';
import { OPCODE_EXPIRETIME_MS, OPCODE_IDLE, OPCODE_SELECTDB } from '../../rdb/opcodes.js';
import { ReplyError, reply } from '../../resp/reply.js';
import { wordArg } from '../arguments.js';
import type { CommandContext } from '../context.js';
import type { EngineDatabase } from '../engine.js';
import type { CommandResult } from '../spec.js';

const NOT_LOADED = 'ERR Error trying to load the RDB dump';

export function reload(context: CommandContext, args: readonly Buffer[]): CommandResult {
  const options = new Set(args.slice(2).map(wordArg));
  for (const option of options) {
    if (option === 'merge' || option === 'noflush') continue;
    // There is no file to read in place of what is in memory.
    throw new ReplyError(
      option === 'nosave'
        ? NOT_LOADED
        : 'ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options.',
    );
  }
  const { keyspace, core, blocked, log, nowMs } = context;
  const info = {
    createdAtSeconds: Math.floor(nowMs / 1000),
    usedMemoryBytes: core.memoryUse().used,
    replication: null,
  };
  const chunks = [...encodeRdb(info, entries(context), true)];
  if (!options.has('noflush')) keyspace.flushAll();
  const decoder = new RdbDecoder(
    {
      entry({ db, key, value, dump, expireAtMs, idleSeconds }) {
        const target = keyspace.db(db);
        const expiry = expireAtMs === null ? null : BigInt(expireAtMs);
        if (value !== null) target.setString(key, value, expireAtMs === null ? {} : { expireAtMs });
        else if (!target.values.restore(key, dump, expiry)) throw new ReplyError(NOT_LOADED);
        if (idleSeconds !== null) target.setIdleSeconds(key, idleSeconds);
      },
    },
    { checksum: true },
  );
  try {
    for (const chunk of chunks) decoder.push(chunk);
    decoder.end();
  } catch (error) {
    if (!(error instanceof RingleaderError)) throw error;
    throw new ReplyError(NOT_LOADED);
  }
  blocked.recheck(null);
  log.write('warning', 'DB reloaded by DEBUG RELOAD');
  return reply.ok;
}

/** The last moment that is a double as well as a 64-bit integer. */
const LAST_MS = 2 ** 63 - 1024;

/** Keys of one SELECTDB after the other. */
function* entries({ keyspace, config }: CommandContext): Generator<Uint8Array> {
  const keepsIdle = config.maxmemoryPolicy.value.endsWith('-lru');
  for (let index = 0; index < keyspace.databases; index++) {
    const db = keyspace.db(index);
    if (db.size() > 0) yield Buffer.concat([Buffer.of(OPCODE_SELECTDB), encodeLength(index)]);
    let cursor = 0n;
    do {
      const batch: Uint8Array[] = [];
      cursor = db.scan(cursor, 1000, (key) => batch.push(entry(db, key, keepsIdle)));
      yield Buffer.concat(batch);
    } while (cursor !== 0n);
  }
}

function entry(db: EngineDatabase, key: Buffer, keepsIdle: boolean): Uint8Array {
  const value = db.values.dump(key, false);
  if (value === null) return Buffer.alloc(0); // It expired just now.
  const parts: Uint8Array[] = [];
  const expireAtMs = db.expireAt(key);
  if (expireAtMs >= 0) {
    const prefix = Buffer.alloc(9);
    prefix[0] = OPCODE_EXPIRETIME_MS;
    prefix.writeBigInt64LE(BigInt(Math.min(expireAtMs, LAST_MS)), 1);
    parts.push(prefix);
  }
  if (keepsIdle) parts.push(Buffer.of(OPCODE_IDLE), encodeLength(db.idleSeconds(key) ?? 0));
  const type = value.subarray(0, 1);
  return Buffer.concat([...parts, type, encodeString(key), shortest(value).subarray(1)]);
}
