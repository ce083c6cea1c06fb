/** `LREM`: remove elements that are equal to one. */
import { core, oneKey, removed } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `LREM key count element` — executed by the core. */
export const lrem = {
  name: 'lrem',
  group: 'list',
  since: '1.0.0',
  summary: 'Remove elements that are equal to one',
  complexity: 'O(N+M) where N is the length of the list, and M the number of elements removed',
  arity: 4,
  flags: ['write'],
  acl: ['list'],
  keys: oneKey('RW', 'delete'),
  syntax: 'key count:integer element',
  events: removed('l', 'lrem'),
  run: core('list-changes', 'lrem'),
} as const satisfies CommandSpec;
