/** `MONITOR`: see every command that is given. */
import { ReplyError, reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';

/** `MONITOR` — from here on the connection is shown every command, until RESET or its end. */
export const monitor = {
  name: 'monitor',
  group: 'server',
  since: '1.0.0',
  summary: 'See every command that is given',
  complexity: '',
  arity: 1,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  acl: [],
  run({ monitors, client }) {
    if (client.transaction !== null) {
      throw new ReplyError("ERR MONITOR isn't allowed for DENY BLOCKING client");
    }
    if (client.isMonitor || client.link !== null) return null; // As Redis: not a word.
    monitors.add(client);
    return reply.ok;
  },
} as const satisfies CommandSpec;
