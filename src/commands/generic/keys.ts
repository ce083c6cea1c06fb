/** `KEYS`: list the keys that match a pattern. */
import { core } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `KEYS pattern` — all keys that match, in one go; executed by the core. */
export const keys = {
  name: 'keys',
  group: 'generic',
  since: '1.0.0',
  summary: 'List the keys that match a pattern',
  complexity: 'O(N), N being the number of keys in the database',
  arity: 2,
  flags: ['readonly'],
  acl: ['keyspace', 'dangerous'],
  tips: ['request_policy:all_shards', 'nondeterministic_output_order'],
  syntax: 'pattern:pattern',
  run: core('key-walks', 'keys'),
} as const satisfies CommandSpec;
