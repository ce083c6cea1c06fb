/** `FUNCTION RESTORE`: take libraries from a payload. */
import { isDumpIntact } from '../../rdb/dump.js';
import { readLibraries } from '../../rdb/libraries.js';
import { ReplyError, reply } from '../../resp/reply.js';
import { wordArg, wrongUse } from '../arguments.js';
import type { CommandSpec } from '../spec.js';

/**
 * `FUNCTION RESTORE serialized-value [FLUSH | APPEND | REPLACE]` — add the libraries of a payload.
 */
export const functionRestore = {
  name: 'restore',
  group: 'scripting',
  since: '7.0.0',
  summary: 'Add the libraries of a payload',
  complexity: 'O(N), N functions of it',
  arity: -3,
  flags: ['noscript', 'write', 'denyoom'],
  acl: ['scripting'],
  tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
  syntax: 'serialized-value [policy: FLUSH | APPEND | REPLACE]',
  run({ scripting, propagateVerbatim }, args) {
    if (args.length > 4) throw wrongUse('FUNCTION', args);
    const policy = args.length === 4 ? wordArg(args[3]) : 'append';
    if (policy !== 'append' && policy !== 'replace' && policy !== 'flush') {
      throw new ReplyError(
        'ERR Wrong restore policy given, value should be either FLUSH, APPEND or REPLACE.',
      );
    }
    const payload = args[2]!;
    if (!isDumpIntact(payload)) {
      throw new ReplyError('ERR DUMP payload version or checksum are wrong');
    }
    const read = readLibraries(payload);
    if (read.state === 'refused') throw new ReplyError(`ERR ${read.text}`);
    scripting.restoreLibraries(read.codes, policy);
    propagateVerbatim();
    return reply.ok;
  },
} as const satisfies CommandSpec;
