/** `GEOSEARCHSTORE`: search a geospatial index for places in a circle or a box, and store them. */
import { storedResult } from '../facts.js';
import { keyAt } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';
import { searchShape } from './geo-search.js';

/**
 * `GEOSEARCHSTORE destination source (FROMMEMBER member | FROMLONLAT (longitude latitude))
 * ((BYRADIUS radius (M | KM | FT | MI)) | (BYBOX width height (M | KM | FT | MI))) [ASC | DESC]
 * [COUNT count [ANY]] [STOREDIST]` — search a geospatial index for places in a circle or a box,
 * and store them.
 */
export const geosearchstore = {
  name: 'geosearchstore',
  group: 'geo',
  since: '6.2.0',
  history: [['7.0.0', 'Added support for uppercase unit names.']],
  summary: 'Search a geospatial index for places in a circle or a box, and store them',
  complexity:
    'O(N+log(M)), N being the number of places in the box around the area and M the size of the index',
  arity: -8,
  flags: ['write', 'denyoom'],
  acl: ['geo'],
  keys: [keyAt(1, 'OW', 'update'), keyAt(2, 'RO', 'access')],
  syntax:
    'destination:key source:key (from: FROMMEMBER member | FROMLONLAT (longitude_latitude: longitude:double latitude:double)) (by: (circle: BYRADIUS radius:double (unit: M | KM | FT | MI)) | (box: BYBOX width:double height:double (unit: M | KM | FT | MI))) [order: ASC | DESC] [count: COUNT count:integer [ANY]] [STOREDIST]',
  events: storedResult('z', 'geosearchstore'),
  run: (context, args) => searchShape(context, args, true),
} as const satisfies CommandSpec;
