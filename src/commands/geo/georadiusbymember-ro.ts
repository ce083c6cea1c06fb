/** `GEORADIUSBYMEMBER_RO`: search a geospatial index around a place of it, storing nothing. */
import { oneKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';
import { searchAroundMember } from './geo-search.js';

/**
 * `GEORADIUSBYMEMBER_RO key member radius (M | KM | FT | MI) [WITHCOORD] [WITHDIST] [WITHHASH]
 * [COUNT count [ANY]] [ASC | DESC]` — search a geospatial index around a place of it, storing
 * nothing.
 */
export const georadiusbymemberRo = {
  name: 'georadiusbymember_ro',
  group: 'geo',
  since: '3.2.10',
  summary: 'Search a geospatial index around a place of it, storing nothing',
  complexity:
    'O(N+log(M)), N being the number of places in the box around the circle and M the size of the index',
  arity: -5,
  flags: ['readonly'],
  acl: ['geo'],
  deprecated: {
    since: '6.2.0',
    replacedBy: '`GEOSEARCH` with the `BYRADIUS` and `FROMMEMBER` arguments',
  },
  keys: oneKey('RO', 'access'),
  syntax:
    'key member radius:double (unit: M | KM | FT | MI) [WITHCOORD] [WITHDIST] [WITHHASH] [count: COUNT count:integer [ANY]] [order: ASC | DESC]',
  run: (context, args) => searchAroundMember(context, args, 'none'),
} as const satisfies CommandSpec;
