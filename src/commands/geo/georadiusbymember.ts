/** `GEORADIUSBYMEMBER`: search a geospatial index around a place of it. */
import { storedResult } from '../facts.js';
import { keyAt, keyBehind } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';
import { searchAroundMember } from './geo-search.js';

/**
 * `GEORADIUSBYMEMBER key member radius (M | KM | FT | MI) [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT
 * count [ANY]] [ASC | DESC] [STORE key] [STOREDIST key]` — search a geospatial index around a
 * place of it.
 */
export const georadiusbymember = {
  name: 'georadiusbymember',
  group: 'geo',
  since: '3.2.0',
  history: [['7.0.0', 'Added support for uppercase unit names.']],
  summary: 'Search a geospatial index around a place of it',
  complexity:
    'O(N+log(M)), N being the number of places in the box around the circle and M the size of the index',
  arity: -5,
  flags: ['write', 'denyoom'],
  acl: ['geo'],
  deprecated: {
    since: '6.2.0',
    replacedBy: '`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` and `FROMMEMBER` arguments',
  },
  keys: [
    keyAt(1, 'RO', 'access'),
    keyBehind('STORE', 5, 'OW', 'update'),
    keyBehind('STOREDIST', 5, 'OW', 'update'),
  ],
  syntax:
    'key member radius:double (unit: M | KM | FT | MI) [WITHCOORD] [WITHDIST] [WITHHASH] [count: COUNT count:integer [ANY]] [order: ASC | DESC] [STORE key] [STOREDIST key]',
  events: storedResult('z', 'georadiusstore'),
  run: (context, args) => searchAroundMember(context, args, 'option'),
} as const satisfies CommandSpec;
