/** `SADD`: add members to a set. */
import { changed, core, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `SADD key member...` — executed by the core. */
export const sadd = {
  name: 'sadd',
  group: 'set',
  since: '1.0.0',
  history: [['2.4.0', 'Accepts multiple `member` arguments.']],
  summary: 'Add members to a set',
  complexity: 'O(1) for a member, so O(N) for N of them',
  arity: -3,
  flags: ['write', 'denyoom', 'fast'],
  acl: ['set'],
  keys: oneKey('RW', 'insert'),
  syntax: 'key member...',
  events: changed('s', 'sadd'),
  memberAt: 2,
  run: core('sets', 'sadd'),
} as const satisfies CommandSpec;
