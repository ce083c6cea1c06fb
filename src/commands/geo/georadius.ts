/** `GEORADIUS`: search a geospatial index around a point. */
import { storedResult } from '../facts.js';
import { keyAt, keyBehind } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';
import { searchAround } from './geo-search.js';

/**
 * `GEORADIUS key longitude latitude radius (M | KM | FT | MI) [WITHCOORD] [WITHDIST] [WITHHASH]
 * [COUNT count [ANY]] [ASC | DESC] [STORE key] [STOREDIST key]` — search a geospatial index around
 * a point.
 */
export const georadius = {
  name: 'georadius',
  group: 'geo',
  since: '3.2.0',
  history: [
    ['6.2.0', 'Added the `ANY` option for `COUNT`.'],
    ['7.0.0', 'Added support for uppercase unit names.'],
  ],
  summary: 'Search a geospatial index around a point',
  complexity:
    'O(N+log(M)), N being the number of places in the box around the circle and M the size of the index',
  arity: -6,
  flags: ['write', 'denyoom'],
  acl: ['geo'],
  deprecated: {
    since: '6.2.0',
    replacedBy: '`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` argument',
  },
  keys: [
    keyAt(1, 'RO', 'access'),
    keyBehind('STORE', 6, 'OW', 'update'),
    keyBehind('STOREDIST', 6, 'OW', 'update'),
  ],
  syntax:
    'key longitude:double latitude:double radius:double (unit: M | KM | FT | MI) [WITHCOORD] [WITHDIST] [WITHHASH] [count: COUNT count:integer [ANY]] [order: ASC | DESC] [STORE key] [STOREDIST key]',
  events: storedResult('z', 'georadiusstore'),
  run: (context, args) => searchAround(context, args, 'option'),
} as const satisfies CommandSpec;
