/** `SCRIPT KILL`: end the script that is running. */
import { reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';

/** `SCRIPT KILL` — end the script that is running, if it has written nothing. */
export const scriptKill = {
  name: 'kill',
  group: 'scripting',
  since: '2.6.0',
  summary: 'End the script that is running',
  complexity: 'O(1)',
  arity: 2,
  flags: ['noscript', 'allow_busy'],
  acl: ['scripting'],
  tips: ['request_policy:all_shards', 'response_policy:one_succeeded'],
  run({ scripting }) {
    scripting.kill('script');
    return reply.ok;
  },
} as const satisfies CommandSpec;
