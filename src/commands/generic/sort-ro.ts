/** `SORT_RO`: sort a list, a set or a sorted set. */
import { keyAt } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';
import { sortElements } from './sort-elements.js';

/**
 * `SORT_RO key [BY pattern] [LIMIT offset count] [GET pattern …] [ASC | DESC] [ALPHA]` — as
 * sort-elements.ts does it.
 */
export const sortRo = {
  name: 'sort_ro',
  group: 'generic',
  since: '7.0.0',
  summary: 'Sort a list, a set or a sorted set, without storing the result',
  complexity:
    'O(N+M*log(N)) where N is the number of elements, and M that of those returned; O(N) if they are not sorted',
  arity: -2,
  flags: ['readonly'],
  acl: ['set', 'sortedset', 'list', 'dangerous'],
  keys: [
    keyAt(1, 'RO', 'access'),
    {
      flags: ['RO', 'access'],
      notes:
        "For the optional BY/GET keyword. It is marked 'unknown' because the key names derive from the content of the key we sort",
      isUnknown: true,
    },
  ],
  syntax:
    'key [BY pattern:pattern#1] [LIMIT (offset_count: offset:integer count:integer)] [GET pattern:pattern#1]...* [order: ASC | DESC] [sorting: ALPHA]',
  findKeys: () => [{ at: 1, flags: ['RO', 'access'] }],
  differs:
    'Text is compared byte by byte, whatever the locale. A sorted set that is sorted keeps its encoding; Redis makes a skiplist of a listpack.',
  run: (context, args) => sortElements(context, args, false),
} as const satisfies CommandSpec;
