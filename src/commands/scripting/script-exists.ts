/** `SCRIPT EXISTS`: which scripts are kept. */
import { reply } from '../../resp/reply.js';
import { latin1 } from '../arguments.js';
import type { CommandSpec } from '../spec.js';

/** `SCRIPT EXISTS sha1 [sha1 …]` — for each whether it is kept. */
export const scriptExists = {
  name: 'exists',
  group: 'scripting',
  since: '2.6.0',
  summary: 'Tell which scripts are kept',
  complexity: 'O(N), N of them',
  arity: -3,
  flags: ['noscript'],
  acl: ['scripting'],
  tips: ['request_policy:all_shards', 'response_policy:agg_logical_and'],
  syntax: 'sha1...',
  run({ scripting }, [, , ...shas]) {
    return reply.array(shas.map((sha) => reply.integer(scripting.hasScript(latin1(sha)) ? 1 : 0)));
  },
} as const satisfies CommandSpec;
