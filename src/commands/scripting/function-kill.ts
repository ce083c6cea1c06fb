/** `FUNCTION KILL`: end the function that is running. */
import { reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';

/** `FUNCTION KILL` — end the function that is running, if it has written nothing. */
export const functionKill = {
  name: 'kill',
  group: 'scripting',
  since: '7.0.0',
  summary: 'End the function that is running',
  complexity: 'O(1)',
  arity: 2,
  flags: ['noscript', 'allow_busy'],
  acl: ['scripting'],
  tips: ['request_policy:all_shards', 'response_policy:one_succeeded'],
  run({ scripting }) {
    scripting.kill('function');
    return reply.ok;
  },
} as const satisfies CommandSpec;
