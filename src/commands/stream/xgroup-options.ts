/**
 * What XGROUP's subcommands read and look up in the same order: options, the key, the group.
 *
 * @see redis/redis 7.0.15 src/t_stream.c, xgroupCommand()
 */
import type { StreamGroup, StreamHandle } from '../../keyspace/stream-handle.js';
import { ReplyError } from '../../resp/reply.js';
import { bigintArg, wordArg, wrongUse } from '../arguments.js';
import type { Database } from '../../keyspace/database.js';
import { noGroupOf } from './lookup.js';

export interface GroupOptions {
  readonly makesStream: boolean;
  /** -1: unknown. */
  readonly entriesRead: bigint;
}

/** @throws ReplyError */
export function groupOptions(args: readonly Buffer[], canMakeStream: boolean): GroupOptions {
  let makesStream = false;
  let entriesRead = -1n;
  for (let i = 5; i < args.length; i++) {
    const option = wordArg(args[i]);
    if (canMakeStream && option === 'mkstream') makesStream = true;
    else if (option === 'entriesread' && i + 1 < args.length) {
      entriesRead = bigintArg(args[++i]);
      if (entriesRead < -1n) {
        throw new ReplyError('ERR value for ENTRIESREAD must be positive or -1');
      }
    } else throw wrongUse('XGROUP', args);
  }
  return { makesStream, entriesRead };
}

/** @throws ReplyError WRONGTYPE, or there is no such key. */
export function streamOfGroups(db: Database, key: Buffer): StreamHandle {
  const stream = db.streams.change(key);
  if (stream === null) throw new ReplyError(NO_KEY);
  return stream;
}

const NO_KEY =
  'ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.';

/** @throws ReplyError NOGROUP, too */
export function namedGroup(db: Database, key: Buffer, name: Buffer): StreamGroup {
  const group = streamOfGroups(db, key).group(name);
  if (group === null) throw noGroupOf(key, name);
  return group;
}
