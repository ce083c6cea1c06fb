/** `UNWATCH`: stop watching keys. */
import { reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';

/** `UNWATCH` — watch no key any more. */
export const unwatch = {
  name: 'unwatch',
  group: 'transactions',
  since: '2.2.0',
  summary: 'Stop watching keys',
  complexity: 'O(1)',
  arity: 1,
  flags: ['noscript', 'loading', 'stale', 'fast', 'allow_busy'],
  acl: ['transaction'],
  run({ client, watches }) {
    watches.unwatch(client);
    return reply.ok;
  },
} as const satisfies CommandSpec;
