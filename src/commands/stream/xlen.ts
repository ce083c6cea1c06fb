/** `XLEN`: how many entries a stream has. */
import { core } from '../facts.js';
import { oneKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/** `XLEN key` — executed by the core. */
export const xlen = {
  name: 'xlen',
  group: 'stream',
  since: '5.0.0',
  summary: 'Tell how many entries the stream at a key has',
  complexity: 'O(1)',
  arity: 2,
  flags: ['readonly', 'fast'],
  acl: ['stream'],
  keys: oneKey('RO'),
  syntax: 'key',
  run: core('stream-ranges', 'xlen'),
} as const satisfies CommandSpec;
