/** `LPOS`: where elements that are equal to one stand. */
import { core, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `LPOS key element [RANK rank] [COUNT num-matches] [MAXLEN len]` — executed by the core. */
export const lpos = {
  name: 'lpos',
  group: 'list',
  since: '6.0.6',
  summary: 'Where elements that are equal to one stand',
  complexity: 'O(N) where N is the number of elements looked at',
  arity: -3,
  flags: ['readonly'],
  acl: ['list'],
  keys: oneKey('RO', 'access'),
  syntax: 'key element [RANK rank:integer] [COUNT num-matches:integer] [MAXLEN len:integer]',
  run: core('list-search', 'lpos'),
} as const satisfies CommandSpec;
