/** `SCRIPT LOAD`: keep a script. */
import { reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';

/** `SCRIPT LOAD script` — keep a script without running it. */
export const scriptLoad = {
  name: 'load',
  group: 'scripting',
  since: '2.6.0',
  summary: 'Keep a script without running it',
  complexity: 'O(N), N bytes of it',
  arity: 3,
  flags: ['noscript', 'stale'],
  acl: ['scripting'],
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  syntax: 'script',
  run({ scripting }, [, , body]) {
    return reply.bulk(scripting.loadScript(body!));
  },
} as const satisfies CommandSpec;
