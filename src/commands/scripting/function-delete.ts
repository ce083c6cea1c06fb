/** `FUNCTION DELETE`: take a library away. */
import { ReplyError, reply } from '../../resp/reply.js';
import { latin1 } from '../arguments.js';
import type { CommandSpec } from '../spec.js';

/** `FUNCTION DELETE library-name` — take a library away. */
export const functionDelete = {
  name: 'delete',
  group: 'scripting',
  since: '7.0.0',
  summary: 'Delete a library of functions',
  complexity: 'O(1)',
  arity: 3,
  flags: ['noscript', 'write'],
  acl: ['scripting'],
  tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
  syntax: 'library-name',
  run({ scripting, propagateVerbatim }, [, , name]) {
    if (!scripting.deleteLibrary(latin1(name))) throw new ReplyError('ERR Library not found');
    propagateVerbatim();
    return reply.ok;
  },
} as const satisfies CommandSpec;
