/** `BITCOUNT`: count the bits that are set in the string at a key. */
import { core, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `BITCOUNT key [start end [BYTE | BIT]]` — executed by the core. */
export const bitcount = {
  name: 'bitcount',
  group: 'bitmap',
  since: '2.6.0',
  history: [['7.0.0', 'Added the `BYTE|BIT` option.']],
  summary: 'Count the bits that are set in the string at a key',
  complexity: 'O(N)',
  arity: -2,
  flags: ['readonly'],
  acl: ['bitmap'],
  keys: oneKey('RO', 'access'),
  syntax: 'key [index: start:integer end:integer [index_unit: BYTE | BIT]]',
  run: core('bits', 'bitcount'),
} as const satisfies CommandSpec;
