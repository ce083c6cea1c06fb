/** `REPLICAOF`: follow a master, or become one. */
import { follow } from './follow.js';
import type { CommandSpec } from '../spec.js';

/** `REPLICAOF host port | NO ONE` — follow a master, or become one. */
export const replicaof = {
  name: 'replicaof',
  group: 'server',
  since: '5.0.0',
  summary: 'Follow a master, or become one',
  complexity: 'O(1)',
  arity: 3,
  flags: ['no_async_loading', 'admin', 'noscript', 'stale'],
  acl: [],
  syntax: '(args: host port:integer | NO ONE)',
  run: follow,
} as const satisfies CommandSpec;
