/** `BITPOS`: find the first bit that is set, or clear, in the string at a key. */
import { core, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `BITPOS key bit [start [end [BYTE | BIT]]]` — executed by the core. */
export const bitpos = {
  name: 'bitpos',
  group: 'bitmap',
  since: '2.8.7',
  history: [['7.0.0', 'Added the `BYTE|BIT` option.']],
  summary: 'Find the first bit that is set, or clear, in the string at a key',
  complexity: 'O(N)',
  arity: -3,
  flags: ['readonly'],
  acl: ['bitmap'],
  keys: oneKey('RO', 'access'),
  syntax:
    'key bit:integer [index: start:integer [end_index: end:integer [index_unit: BYTE | BIT]]]',
  run: core('bits', 'bitpos'),
} as const satisfies CommandSpec;
