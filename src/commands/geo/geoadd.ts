/** `GEOADD`: add places to a geospatial index, which is a sorted set. */
import { changed, core } from '../facts.js';
import { oneKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/** `GEOADD key [NX | XX] [CH] (longitude latitude member)...` — executed by the core. */
export const geoadd = {
  name: 'geoadd',
  group: 'geo',
  since: '3.2.0',
  history: [['6.2.0', 'Added the `CH`, `NX` and `XX` options.']],
  summary: 'Add places to a geospatial index, which is a sorted set',
  complexity: 'O(log(N)) for each place, N being the size of the index',
  arity: -5,
  flags: ['write', 'denyoom'],
  acl: ['geo'],
  keys: oneKey('RW', 'update'),
  syntax:
    'key [condition: NX | XX] [CH=change] (longitude_latitude_member: longitude:double latitude:double member)...',
  events: changed('z', 'zadd'),
  run: core('geo-add', 'geoadd'),
} as const satisfies CommandSpec;
