/** `REPLCONF`: what a replica and its master tell each other beside the stream. */
import { ReplyError, reply } from '../../resp/reply.js';
import { splitArgs } from '../../resp/split-args.js';
import { integerArg, latin1, wordArg } from '../arguments.js';
import type { CommandContext } from '../context.js';
import type { CommandSpec } from '../spec.js';

/** A host's name may be so long. */
const MAX_ADDRESS_BYTES = 256;

/**
 * `REPLCONF option value [option value …]` — listening-port, ip-address, capa, rdb-only,
 * rdb-filter-only: what a replica is and wants, before it asks to follow; ack: how far it is.
 * getack, in a stream, asks for that.
 *
 * ACK and GETACK are not answered.
 *
 * @see redis/redis 7.0 src/replication.c, replconfCommand()
 */
export const replconf = {
  name: 'replconf',
  group: 'server',
  since: '3.0.0',
  summary: 'What a replica and its master tell each other beside the stream',
  complexity: 'O(1)',
  arity: -1,
  flags: ['admin', 'noscript', 'loading', 'stale', 'allow_busy'],
  acl: [],
  syntax: '',
  run(context, args) {
    if (args.length % 2 === 0) throw new ReplyError('ERR syntax error');
    for (let at = 1; at < args.length; at += 2) {
      const isAnswered = take(context, args[at]!, args[at + 1]!);
      if (!isAnswered) return null;
    }
    return reply.ok;
  },
} as const satisfies CommandSpec;

/** @returns false: nothing is answered. */
function take({ client, replication }: CommandContext, option: Buffer, value: Buffer): boolean {
  const { replica } = client;
  switch (wordArg(option)) {
    case 'listening-port':
      replica.listeningPort = integerArg(value);
      return true;
    case 'ip-address':
      if (value.length >= MAX_ADDRESS_BYTES) {
        throw new ReplyError(
          `ERR REPLCONF ip-address provided by replica instance is too long: ${value.length} bytes`,
        );
      }
      replica.address = latin1(value);
      return true;
    case 'capa':
      if (wordArg(value) === 'eof') replica.eof = true;
      if (wordArg(value) === 'psync2') replica.psync2 = true;
      return true;
    case 'rdb-only': {
      const flag = integerArg(value);
      if (flag !== 0 && flag !== 1)
        throw new ReplyError('ERR value is out of range, value must between 0 and 1');
      replica.rdbOnly = flag === 1;
      return true;
    }
    case 'ack': {
      const offset = Number(latin1(value));
      if (Number.isSafeInteger(offset)) replica.served?.onAck(offset);
      return false;
    }
    case 'getack':
      replication.acknowledge();
      return false;
    case 'rdb-filter-only':
      replica.rdbContents = contentsOf(value);
      return true;
    default:
      throw new ReplyError(`ERR Unrecognized REPLCONF option: ${latin1(option)}`);
  }
}

/** @param filters - names of what is wanted, as a line of words; none: an empty snapshot is. */
function contentsOf(filters: Buffer): 'libraries' | 'nothing' {
  const names = splitArgs(latin1(filters));
  if (names === null) throw new ReplyError('ERR Missing rdb-filter-only values');
  for (const name of names) {
    if (name.toLowerCase() !== 'functions') {
      throw new ReplyError(`ERR Unsupported rdb-filter-only option: ${name}`);
    }
  }
  return names.length === 0 ? 'nothing' : 'libraries';
}
