/** `CLIENT CACHING`: say whether the next command's keys are cached. */
import { ReplyError, reply } from '../../resp/reply.js';
import { SYNTAX_ERROR, wordArg } from '../arguments.js';
import type { ClientsContext } from '../node/clients.js';
import type { CommandSpec } from '../spec.js';

/**
 * `CLIENT CACHING YES | NO` — whether what the next command reads is cached, with `OPTIN` and
 * `OPTOUT`.
 */
export const clientCaching = {
  name: 'caching',
  group: 'connection',
  since: '6.0.0',
  summary: 'Say whether what the next command reads is cached',
  complexity: 'O(1)',
  arity: 3,
  flags: ['noscript', 'loading', 'stale'],
  acl: ['connection'],
  syntax: '(mode: YES | NO)',
  run({ client: { tracking } }: ClientsContext, [, , mode]) {
    if (tracking === null) {
      throw new ReplyError(
        'ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT mode enabled',
      );
    }
    const word = wordArg(mode);
    if (word !== 'yes' && word !== 'no') throw new ReplyError(SYNTAX_ERROR);
    const isFitting = word === 'yes' ? tracking.optin : tracking.optout;
    if (!isFitting) {
      throw new ReplyError(
        `ERR CLIENT CACHING ${word.toUpperCase()} is only valid when tracking is enabled in ${word === 'yes' ? 'OPTIN' : 'OPTOUT'} mode.`,
      );
    }
    tracking.caching = true;
    return reply.ok;
  },
} as const satisfies CommandSpec;
