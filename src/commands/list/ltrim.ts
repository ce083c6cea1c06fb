/** `LTRIM`: keep only a range of a list. */
import { core, oneKey, removed } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `LTRIM key start stop` — executed by the core. */
export const ltrim = {
  name: 'ltrim',
  group: 'list',
  since: '1.0.0',
  summary: 'Keep only a range of a list',
  complexity: 'O(N) where N is the number of elements removed',
  arity: 4,
  flags: ['write'],
  acl: ['list'],
  keys: oneKey('RW', 'delete'),
  syntax: 'key start:integer stop:integer',
  events: removed('l', 'ltrim'),
  tellsUnchanged: true,
  run: core('list-changes', 'ltrim'),
} as const satisfies CommandSpec;
