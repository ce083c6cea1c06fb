/** `XACK`: say that entries have been dealt with. */
import { core } from '../facts.js';
import { oneKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/** `XACK key group id [id …]` — executed by the core. */
export const xack = {
  name: 'xack',
  group: 'stream',
  since: '5.0.0',
  summary: 'Acknowledge entries that were delivered to a consumer of a group',
  complexity: 'O(1) for each id',
  arity: -4,
  flags: ['write', 'fast'],
  acl: ['stream'],
  keys: oneKey('RW', 'update'),
  syntax: 'key group id...',
  tellsWatchers: true,
  run: core('streams', 'xack'),
} as const satisfies CommandSpec;
