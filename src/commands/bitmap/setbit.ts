/** `SETBIT`: set or clear a bit of the string at a key. */
import { core, oneKey, stored } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `SETBIT key offset value` — executed by the core. */
export const setbit = {
  name: 'setbit',
  group: 'bitmap',
  since: '2.2.0',
  summary: 'Set or clear a bit of the string at a key',
  complexity: 'O(1)',
  arity: 4,
  flags: ['write', 'denyoom'],
  acl: ['bitmap'],
  keys: oneKey('RW', 'access', 'update'),
  syntax: 'key offset:integer value:integer',
  events: stored('setbit'),
  run: core('bits', 'setbit'),
} as const satisfies CommandSpec;
