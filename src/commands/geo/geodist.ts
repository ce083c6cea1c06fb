/** `GEODIST`: tell how far two places of a geospatial index are apart. */
import { oneKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';
import { ReplyError, reply } from '../../resp/reply.js';
import { SYNTAX_ERROR } from '../arguments.js';
import { unitArg } from './geo-arguments.js';
import { pointOf } from './geo-hash.js';
import { distance } from './geo-shape.js';
import { distanceText } from './geo-texts.js';

/**
 * `GEODIST key member1 member2 [M | KM | FT | MI]` — tell how far two places of a geospatial index
 * are apart.
 */
export const geodist = {
  name: 'geodist',
  group: 'geo',
  since: '3.2.0',
  summary: 'Tell how far two places of a geospatial index are apart',
  complexity: 'O(1)',
  arity: -4,
  flags: ['readonly'],
  acl: ['geo'],
  keys: oneKey('RO', 'access'),
  syntax: 'key member1 member2 [unit: M | KM | FT | MI]',
  run({ db }, args) {
    const [, key = NONE, one = NONE, other = NONE, unitName] = args;
    const unit = unitName === undefined ? 1 : args.length > 5 ? null : unitArg(unitName);
    if (unit === null) throw new ReplyError(SYNTAX_ERROR);
    if (!db.values.isZset(key)) return reply.null;
    const from = db.values.score(key, one);
    const to = db.values.score(key, other);
    if (from === null || to === null) return reply.null;
    return reply.bulk(distanceText(distance(pointOf(from), pointOf(to)) / unit));
  },
} as const satisfies CommandSpec;

const NONE = Buffer.alloc(0);
