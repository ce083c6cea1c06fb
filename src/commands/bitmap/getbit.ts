/** `GETBIT`: read a bit of the string at a key. */
import { core, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `GETBIT key offset` — executed by the core. */
export const getbit = {
  name: 'getbit',
  group: 'bitmap',
  since: '2.2.0',
  summary: 'Read a bit of the string at a key',
  complexity: 'O(1)',
  arity: 3,
  flags: ['readonly', 'fast'],
  acl: ['bitmap'],
  keys: oneKey('RO', 'access'),
  syntax: 'key offset:integer',
  run: core('bits', 'getbit'),
} as const satisfies CommandSpec;
