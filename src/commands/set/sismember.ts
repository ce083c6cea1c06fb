/** `SISMEMBER`: tell whether a set has a member. */
import { core, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `SISMEMBER key member` — executed by the core. */
export const sismember = {
  name: 'sismember',
  group: 'set',
  since: '1.0.0',
  summary: 'Tell whether a set has a member',
  complexity: 'O(1)',
  arity: 3,
  flags: ['readonly', 'fast'],
  acl: ['set'],
  keys: oneKey('RO'),
  syntax: 'key member',
  memberAt: 2,
  run: core('sets', 'sismember'),
} as const satisfies CommandSpec;
