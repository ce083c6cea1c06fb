/** `TIME`: tell the time of the server. */
import { reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';

/** `TIME` — the node's clock: seconds, and the microseconds beyond them. */
export const time = {
  name: 'time',
  group: 'server',
  since: '2.6.0',
  summary: 'Tell the time of the server',
  complexity: 'O(1)',
  arity: 1,
  flags: ['loading', 'stale', 'fast'],
  acl: [],
  tips: ['nondeterministic_output'],
  run({ clock }) {
    const micros = Math.floor(clock.wallMicros());
    return reply.bulks([String(Math.floor(micros / 1e6)), String(micros % 1e6)]);
  },
} as const satisfies CommandSpec;
