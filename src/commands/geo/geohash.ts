/** `GEOHASH`: tell the geohashes of places of a geospatial index. */
import { oneKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';
import { reply } from '../../resp/reply.js';
import { geohashText, pointOf } from './geo-hash.js';

/** `GEOHASH key member...` — tell the geohashes of places of a geospatial index. */
export const geohash = {
  name: 'geohash',
  group: 'geo',
  since: '3.2.0',
  summary: 'Tell the geohashes of places of a geospatial index',
  complexity: 'O(1) for each place',
  arity: -2,
  flags: ['readonly'],
  acl: ['geo'],
  keys: oneKey('RO', 'access'),
  syntax: 'key member...',
  run({ db }, [, key = NONE, ...members]) {
    const isThere = db.values.isZset(key);
    return reply.array(
      members.map((member) => {
        const score = isThere ? db.values.score(key, member) : null;
        return score === null ? reply.null : reply.bulk(geohashText(pointOf(score)));
      }),
    );
  },
} as const satisfies CommandSpec;

const NONE = Buffer.alloc(0);
