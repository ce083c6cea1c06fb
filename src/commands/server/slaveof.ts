/** `SLAVEOF`: follow a master, or become one. */
import { follow } from './follow.js';
import type { CommandSpec } from '../spec.js';

/** `SLAVEOF host port | NO ONE` — the old name of REPLICAOF; real sentinels send it. */
export const slaveof = {
  name: 'slaveof',
  group: 'server',
  since: '1.0.0',
  summary: 'Follow a master, or become one',
  complexity: 'O(1)',
  arity: 3,
  flags: ['no_async_loading', 'admin', 'noscript', 'stale'],
  acl: [],
  syntax: '(args: host port:integer | NO ONE)',
  deprecated: { since: '5.0.0', replacedBy: '`REPLICAOF`' },
  run: follow,
} as const satisfies CommandSpec;
