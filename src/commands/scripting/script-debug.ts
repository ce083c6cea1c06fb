/** `SCRIPT DEBUG`: Redis' debugger. */
import { notSupportedYet, ReplyError, reply } from '../../resp/reply.js';
import { wordArg } from '../arguments.js';
import type { CommandSpec } from '../spec.js';

/** `SCRIPT DEBUG YES | SYNC | NO` — there is no debugger: it can only stay off. */
export const scriptDebug = {
  name: 'debug',
  group: 'scripting',
  since: '3.2.0',
  summary: 'Turn the debugger for scripts off, where it is',
  complexity: 'O(1)',
  arity: 3,
  flags: ['noscript'],
  acl: ['scripting'],
  syntax: '(mode: YES | SYNC | NO)',
  run(_context, [, , mode]) {
    const word = wordArg(mode);
    if (word === 'no') return reply.ok;
    if (word !== 'yes' && word !== 'sync') throw new ReplyError('ERR Use SCRIPT DEBUG YES/SYNC/NO');
    throw new ReplyError(notSupportedYet('script|debug'));
  },
} as const satisfies CommandSpec;
