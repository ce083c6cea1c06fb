/** `SREM`: remove members from a set. */
import { core, oneKey, removed } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `SREM key member...` — executed by the core. */
export const srem = {
  name: 'srem',
  group: 'set',
  since: '1.0.0',
  history: [['2.4.0', 'Accepts multiple `member` arguments.']],
  summary: 'Remove members from a set',
  complexity: 'O(N), N being the number of members to be removed',
  arity: -3,
  flags: ['write', 'fast'],
  acl: ['set'],
  keys: oneKey('RW', 'delete'),
  syntax: 'key member...',
  events: removed('s', 'srem'),
  memberAt: 2,
  run: core('sets', 'srem'),
} as const satisfies CommandSpec;
