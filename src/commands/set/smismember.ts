/** `SMISMEMBER`: tell which members a set has. */
import { core, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `SMISMEMBER key member...` — executed by the core. */
export const smismember = {
  name: 'smismember',
  group: 'set',
  since: '6.2.0',
  summary: 'Tell which members a set has',
  complexity: 'O(N), N being the number of members asked for',
  arity: -3,
  flags: ['readonly', 'fast'],
  acl: ['set'],
  keys: oneKey('RO', 'access'),
  syntax: 'key member...',
  memberAt: 2,
  run: core('sets', 'smismember'),
} as const satisfies CommandSpec;
