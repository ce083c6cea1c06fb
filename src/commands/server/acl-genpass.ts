/** `ACL GENPASS`: make up a password. */
import { ReplyError, reply } from '../../resp/reply.js';
import { integerArg, wrongUse } from '../arguments.js';
import type { CommandSpec } from '../spec.js';
import type { AccessContext } from './access-context.js';

const MOST_BITS = 4096;

/** `ACL GENPASS [bits]` — a password that cannot be guessed, in hexadecimal digits. */
export const aclGenpass = {
  name: 'genpass',
  group: 'server',
  since: '6.0.0',
  summary: 'Make up a password that cannot be guessed',
  complexity: 'O(1)',
  arity: -2,
  flags: ['noscript', 'loading', 'stale'],
  acl: [],
  syntax: '[bits:integer]',
  run({ randomHex }: AccessContext, args: readonly Buffer[]) {
    if (args.length > 3) throw wrongUse('ACL', args);
    const bits = args[2] === undefined ? 256 : integerArg(args[2]);
    if (bits <= 0 || bits > MOST_BITS) {
      throw new ReplyError(
        `ERR ACL GENPASS argument must be the number of bits for the output password, a positive number up to ${MOST_BITS}`,
      );
    }
    return reply.bulk(randomHex(Math.floor((bits + 3) / 4)));
  },
} as const satisfies CommandSpec;
