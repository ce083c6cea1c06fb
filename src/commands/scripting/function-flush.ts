/** `FUNCTION FLUSH`: take all libraries away. */
import { ReplyError, reply } from '../../resp/reply.js';
import { wordArg, wrongUse } from '../arguments.js';
import type { CommandSpec } from '../spec.js';

/** `FUNCTION FLUSH [ASYNC | SYNC]` — take all libraries away. Both take no time to speak of. */
export const functionFlush = {
  name: 'flush',
  group: 'scripting',
  since: '7.0.0',
  summary: 'Delete all libraries',
  complexity: 'O(N), N functions',
  arity: -2,
  flags: ['noscript', 'write'],
  acl: ['scripting'],
  tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
  syntax: '[async: ASYNC | SYNC]',
  run({ scripting, propagateVerbatim }, args) {
    if (args.length > 3) throw wrongUse('FUNCTION', args);
    const mode = wordArg(args[2]);
    if (args.length === 3 && mode !== 'sync' && mode !== 'async') {
      throw new ReplyError('ERR FUNCTION FLUSH only supports SYNC|ASYNC option');
    }
    scripting.flushLibraries();
    propagateVerbatim();
    return reply.ok;
  },
} as const satisfies CommandSpec;
