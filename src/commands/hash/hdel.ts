/** `HDEL`: delete fields of a hash. */
import { core, oneKey, removed } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `HDEL key field...` — executed by the core. */
export const hdel = {
  name: 'hdel',
  group: 'hash',
  since: '2.0.0',
  history: [['2.4.0', 'Accepts multiple `field` arguments.']],
  summary: 'Delete fields of a hash',
  complexity: 'O(N), N being the number of fields to be deleted',
  arity: -3,
  flags: ['write', 'fast'],
  acl: ['hash'],
  keys: oneKey('RW', 'delete'),
  syntax: 'key field...',
  events: removed('h', 'hdel'),
  memberAt: 2,
  run: core('hashes', 'hdel'),
} as const satisfies CommandSpec;
