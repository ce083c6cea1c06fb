/** `GEOSEARCH`: search a geospatial index for places in a circle or a box. */
import { oneKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';
import { searchShape } from './geo-search.js';

/**
 * `GEOSEARCH key (FROMMEMBER member | FROMLONLAT (longitude latitude)) ((BYRADIUS radius (M | KM |
 * FT | MI)) | (BYBOX width height (M | KM | FT | MI))) [ASC | DESC] [COUNT count [ANY]]
 * [WITHCOORD] [WITHDIST] [WITHHASH]` — search a geospatial index for places in a circle or a box.
 */
export const geosearch = {
  name: 'geosearch',
  group: 'geo',
  since: '6.2.0',
  history: [['7.0.0', 'Added support for uppercase unit names.']],
  summary: 'Search a geospatial index for places in a circle or a box',
  complexity:
    'O(N+log(M)), N being the number of places in the box around the area and M the size of the index',
  arity: -7,
  flags: ['readonly'],
  acl: ['geo'],
  keys: oneKey('RO', 'access'),
  syntax:
    'key (from: FROMMEMBER member | FROMLONLAT (longitude_latitude: longitude:double latitude:double)) (by: (circle: BYRADIUS radius:double (unit: M | KM | FT | MI)) | (box: BYBOX width:double height:double (unit: M | KM | FT | MI))) [order: ASC | DESC] [count: COUNT count:integer [ANY]] [WITHCOORD] [WITHDIST] [WITHHASH]',
  run: (context, args) => searchShape(context, args, false),
} as const satisfies CommandSpec;
