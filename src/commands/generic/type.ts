/** `TYPE`: tell the type of the value at a key. */
import { core, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `TYPE key` — executed by the core. */
export const type = {
  name: 'type',
  group: 'generic',
  since: '1.0.0',
  summary: 'Tell the type of the value at a key',
  complexity: 'O(1)',
  arity: 2,
  flags: ['readonly', 'fast'],
  acl: ['keyspace'],
  keys: oneKey('RO'),
  syntax: 'key',
  run: core('keys', 'type'),
} as const satisfies CommandSpec;
