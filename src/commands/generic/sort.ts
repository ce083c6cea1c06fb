/** `SORT`: sort a list, a set or a sorted set. */
import { deleted } from '../facts.js';
import { keyAt } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';
import { sortElements, sortKeys } from './sort-elements.js';

/**
 * `SORT key [BY pattern] [LIMIT offset count] [GET pattern …] [ASC | DESC] [ALPHA] [STORE
 * destination]` — as sort-elements.ts does it.
 */
export const sort = {
  name: 'sort',
  group: 'generic',
  since: '1.0.0',
  summary: 'Sort a list, a set or a sorted set, or what patterns find for its elements',
  complexity:
    'O(N+M*log(N)) where N is the number of elements, and M that of those returned; O(N) if they are not sorted',
  arity: -2,
  flags: ['write', 'denyoom'],
  acl: ['set', 'sortedset', 'list', 'dangerous'],
  keys: [
    keyAt(1, 'RO', 'access'),
    {
      flags: ['RO', 'access'],
      notes:
        "For the optional BY/GET keyword. It is marked 'unknown' because the key names derive from the content of the key we sort",
      isUnknown: true,
    },
    {
      flags: ['OW', 'update'],
      notes:
        "For the optional STORE keyword. It is marked 'unknown' because the keyword can appear anywhere in the argument array",
      isUnknown: true,
    },
  ],
  syntax:
    'key [BY pattern:pattern#1] [LIMIT (offset_count: offset:integer count:integer)] [GET pattern:pattern#1]...* [order: ASC | DESC] [sorting: ALPHA] [STORE destination:key#2]',
  findKeys: sortKeys,
  events: (change, args) => (change.exists ? [['l', 'sortstore']] : deleted(change, args)),
  differs:
    'Text is compared byte by byte, whatever the locale. A sorted set that is sorted keeps its encoding; Redis makes a skiplist of a listpack.',
  run: (context, args) => sortElements(context, args, true),
} as const satisfies CommandSpec;
