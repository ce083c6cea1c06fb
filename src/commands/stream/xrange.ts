/** `XRANGE`: read entries of a stream. */
import { core } from '../facts.js';
import { oneKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/** `XRANGE key start end [COUNT n]` — executed by the core. */
export const xrange = {
  name: 'xrange',
  group: 'stream',
  since: '5.0.0',
  history: [['6.2.0', 'Added exclusive ranges.']],
  summary: 'Read the entries of a stream whose ids are in a range',
  complexity: 'O(log(N) + M), M entries that are read',
  arity: -4,
  flags: ['readonly'],
  acl: ['stream'],
  keys: oneKey('RO', 'access'),
  syntax: 'key start end [COUNT count:integer]',
  run: core('stream-ranges', 'xrange'),
} as const satisfies CommandSpec;
