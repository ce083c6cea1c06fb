/** `CLIENT SETINFO`: tell what library the client is. */
import { ReplyError, reply } from '../../resp/reply.js';
import { latin1, wordArg } from '../arguments.js';
import type { CommandSpec } from '../spec.js';

/**
 * `CLIENT SETINFO LIB-NAME name | LIB-VER version` — what library the client is.
 *
 * Redis has it since 7.2, and today's clients send it unasked, so it is taken and checked; 7.0's
 * CLIENT LIST has no place to show it.
 */
export const clientSetinfo = {
  name: 'setinfo',
  group: 'connection',
  since: '7.2.0',
  summary: 'Tell what library the client is',
  complexity: 'O(1)',
  arity: 4,
  flags: ['noscript', 'loading', 'stale'],
  acl: ['connection'],
  differs: 'Of Redis 7.2, for clients that send it.',
  syntax: '(attr: LIB-NAME libname | LIB-VER libver)',
  run(_context, [, , attribute, value]) {
    const word = wordArg(attribute);
    if (word !== 'lib-name' && word !== 'lib-ver') {
      throw new ReplyError(`ERR Unrecognized option '${latin1(attribute)}'`);
    }
    if (!/^[!-~]*$/.test(latin1(value))) {
      throw new ReplyError(`ERR ${word} cannot contain spaces, newlines or special characters.`);
    }
    return reply.ok;
  },
} as const satisfies CommandSpec;
