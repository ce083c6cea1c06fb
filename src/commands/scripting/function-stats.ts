/** `FUNCTION STATS`: the function that is running, and how many there are. */
import { ReplyError, reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';

/**
 * `FUNCTION STATS` — the function that is running, and how many libraries and functions there are.
 */
export const functionStats = {
  name: 'stats',
  group: 'scripting',
  since: '7.0.0',
  summary: 'Tell which function is running, and how many there are',
  complexity: 'O(1)',
  arity: 2,
  flags: ['noscript', 'allow_busy'],
  acl: ['scripting'],
  tips: ['nondeterministic_output', 'request_policy:all_shards', 'response_policy:special'],
  run({ scripting }) {
    const busy = scripting.busyWith();
    if (busy?.kind === 'script') throw new ReplyError(BUSY_SCRIPT);
    const { libraries, functions } = scripting.sizes();
    const running =
      busy === null
        ? reply.null
        : reply.map([
            [reply.bulk('name'), reply.bulk(busy.name)],
            [reply.bulk('command'), reply.bulks(busy.command)],
            [reply.bulk('duration_ms'), reply.integer(busy.runsForMs)],
          ]);
    const lua = reply.map([
      [reply.bulk('libraries_count'), reply.integer(libraries)],
      [reply.bulk('functions_count'), reply.integer(functions)],
    ]);
    return reply.map([
      [reply.bulk('running_script'), running],
      [reply.bulk('engines'), reply.map([[reply.bulk('LUA'), lua]])],
    ]);
  },
} as const satisfies CommandSpec;

const BUSY_SCRIPT =
  'BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.';
