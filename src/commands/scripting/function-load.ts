/** `FUNCTION LOAD`: add a library. */
import { ReplyError, reply } from '../../resp/reply.js';
import { latin1, wordArg } from '../arguments.js';
import type { CommandSpec } from '../spec.js';

/**
 * `FUNCTION LOAD [REPLACE] function-code` — add a library, or put it in the place of one of its
 * name.
 */
export const functionLoad = {
  name: 'load',
  group: 'scripting',
  since: '7.0.0',
  summary: 'Add a library of functions',
  complexity: 'O(1), compiling apart',
  arity: -3,
  flags: ['noscript', 'write', 'denyoom'],
  acl: ['scripting'],
  tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
  syntax: '[REPLACE] function-code',
  run({ scripting, propagateVerbatim }, args) {
    const options = args.slice(2, -1);
    const unknown = options.find((option) => wordArg(option) !== 'replace');
    if (unknown !== undefined) throw new ReplyError(`ERR Unknown option given: ${latin1(unknown)}`);
    const name = scripting.loadLibrary(args.at(-1)!, options.length > 0);
    propagateVerbatim();
    return reply.bulk(name);
  },
} as const satisfies CommandSpec;
