/** `XREVRANGE`: read entries of a stream backwards. */
import { core } from '../facts.js';
import { oneKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/** `XREVRANGE key end start [COUNT n]` — executed by the core. */
export const xrevrange = {
  name: 'xrevrange',
  group: 'stream',
  since: '5.0.0',
  history: [['6.2.0', 'Added exclusive ranges.']],
  summary: 'Read the entries of a stream whose ids are in a range, the last one first',
  complexity: 'O(log(N) + M), M entries that are read',
  arity: -4,
  flags: ['readonly'],
  acl: ['stream'],
  keys: oneKey('RO', 'access'),
  syntax: 'key end start [COUNT count:integer]',
  run: core('stream-ranges', 'xrevrange'),
} as const satisfies CommandSpec;
