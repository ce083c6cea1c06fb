/** `GEORADIUS_RO`: search a geospatial index around a point, storing nothing. */
import { oneKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';
import { searchAround } from './geo-search.js';

/**
 * `GEORADIUS_RO key longitude latitude radius (M | KM | FT | MI) [WITHCOORD] [WITHDIST] [WITHHASH]
 * [COUNT count [ANY]] [ASC | DESC]` — search a geospatial index around a point, storing nothing.
 */
export const georadiusRo = {
  name: 'georadius_ro',
  group: 'geo',
  since: '3.2.10',
  history: [['6.2.0', 'Added the `ANY` option for `COUNT`.']],
  summary: 'Search a geospatial index around a point, storing nothing',
  complexity:
    'O(N+log(M)), N being the number of places in the box around the circle and M the size of the index',
  arity: -6,
  flags: ['readonly'],
  acl: ['geo'],
  deprecated: { since: '6.2.0', replacedBy: '`GEOSEARCH` with the `BYRADIUS` argument' },
  keys: oneKey('RO', 'access'),
  syntax:
    'key longitude:double latitude:double radius:double (unit: M | KM | FT | MI) [WITHCOORD] [WITHDIST] [WITHHASH] [count: COUNT count:integer [ANY]] [order: ASC | DESC]',
  run: (context, args) => searchAround(context, args, 'none'),
} as const satisfies CommandSpec;
