/** `SCRIPT FLUSH`: forget all scripts. */
import { ReplyError, reply } from '../../resp/reply.js';
import { wordArg } from '../arguments.js';
import type { CommandSpec } from '../spec.js';

/** `SCRIPT FLUSH [ASYNC | SYNC]` — forget all scripts. Both take no time to speak of. */
export const scriptFlush = {
  name: 'flush',
  group: 'scripting',
  since: '2.6.0',
  history: [['6.2.0', 'Added the `ASYNC` and `SYNC` flushing mode modifiers.']],
  summary: 'Forget all scripts',
  complexity: 'O(N), N of them',
  arity: -2,
  flags: ['noscript'],
  acl: ['scripting'],
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  syntax: '[async: ASYNC | SYNC]',
  run({ scripting }, args) {
    const mode = wordArg(args[2]);
    if (args.length > 3 || (args.length === 3 && mode !== 'sync' && mode !== 'async')) {
      throw new ReplyError('ERR SCRIPT FLUSH only support SYNC|ASYNC option');
    }
    scripting.flushScripts();
    return reply.ok;
  },
} as const satisfies CommandSpec;
