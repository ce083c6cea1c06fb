/**
 * Searching a geospatial index, and answering with what is found, or storing it.
 *
 * Rule: the places are those of up to nine ranges of scores, which cover the shape; each is looked
 * at, and those outside the shape are left out.
 *
 * @see redis/redis 7.0.15 src/geo.c, georadiusGeneric()
 */
import { partialSort } from '../../base/partial-sort.js';
import { type Reply, ReplyError, reply } from '../../resp/reply.js';
import type { CommandContext } from '../context.js';
import type { Values } from '../../keyspace/values.js';
import { distanceArgs, pointArgs } from './geo-arguments.js';
import { type GeoHash, type Point, pointOf, scoresOf } from './geo-hash.js';
import { type GeoForm, type GeoOptions, readGeoOptions } from './geo-options.js';
import { coveringHashes, distanceWithin, type Shape } from './geo-shape.js';
import { coordinateText, distanceText } from './geo-texts.js';

interface Place {
  readonly member: Buffer;
  readonly score: number;
  readonly point: Point;
  /** Metres from the centre. */
  readonly distance: number;
}

/** `… key longitude latitude radius unit [options]` */
export function searchAround(
  context: CommandContext,
  args: readonly Buffer[],
  store: GeoForm['store'],
): Reply {
  const [, key = NONE] = args;
  const isThere = context.db.values.isZset(key);
  const centre = pointArgs(args[2], args[3]);
  const { value, unit } = distanceArgs(args[4], args[5]);
  const options = readGeoOptions(args, { options: 6, isSearch: false, store }, null);
  const shape: Shape = { type: 'circle', centre, radius: value * unit };
  return answer(context, isThere ? key : null, shape, unit, options);
}

/** `… key member radius unit [options]` */
export function searchAroundMember(
  context: CommandContext,
  args: readonly Buffer[],
  store: GeoForm['store'],
): Reply {
  const [, key = NONE, member = NONE] = args;
  const { values } = context.db;
  const form: GeoForm = { options: 5, isSearch: false, store };
  if (!values.isZset(key)) {
    const options = readGeoOptions(args, form, null);
    return answer(context, null, NOWHERE, 1, options);
  }
  const centre = pointOfMember(values, key, member);
  const { value, unit } = distanceArgs(args[3], args[4]);
  const options = readGeoOptions(args, form, null);
  const shape: Shape = { type: 'circle', centre, radius: value * unit };
  return answer(context, key, shape, unit, options);
}

/** `… key FROM… BY… [options]`, behind the key to store at, if there is one. */
export function searchShape(
  context: CommandContext,
  args: readonly Buffer[],
  isStored: boolean,
): Reply {
  const key = args[isStored ? 2 : 1] ?? NONE;
  const { values } = context.db;
  const isThere = values.isZset(key);
  const options = readGeoOptions(
    args,
    { options: isStored ? 3 : 2, isSearch: true, store: isStored ? 'argument' : 'none' },
    isThere ? (member) => pointOfMember(values, key, member) : null,
  );
  const { from, circle, box } = options;
  const centre = from === null || from === 'nowhere' ? NOWHERE.centre : from;
  const unit = circle?.unit ?? box?.unit ?? 1;
  const shape: Shape =
    box === null
      ? { type: 'circle', centre, radius: (circle?.value ?? 0) * unit }
      : { type: 'box', centre, width: box.width * unit, height: box.height * unit };
  return answer(context, isThere ? key : null, shape, unit, options);
}

const NONE = Buffer.alloc(0);
const NOWHERE: Shape = { type: 'circle', centre: { longitude: 0, latitude: 0 }, radius: 0 };

function pointOfMember(values: Values, key: Buffer, member: Buffer): Point {
  const score = values.score(key, member);
  if (score === null) throw new ReplyError('ERR could not decode requested zset member');
  return pointOf(score);
}

/** @param key - null: it is missing. @param unit - metres. */
function answer(
  context: CommandContext,
  key: Buffer | null,
  shape: Shape,
  unit: number,
  options: GeoOptions,
): Reply {
  const { count, isAny, storeKey } = options;
  const found = key === null ? [] : search(context.db.values, key, shape, isAny ? count : 0);
  const places = sorted(found, options);
  if (storeKey === null) {
    return reply.array(places.map((place) => placeReply(place, unit, options)));
  }
  storePlaces(context, storeKey, places, unit, options.storesDistance);
  return reply.integer(places.length);
}

/** @param limit - so many are enough; 0: all. */
function search(values: Values, key: Buffer, shape: Shape, limit: number): Place[] {
  const places: Place[] = [];
  let last: GeoHash | null = null;
  for (const [index, hash] of coveringHashes(shape).entries()) {
    // Around a shape as large as the earth neighbours are the same. As in Redis the first is not
    // compared.
    if (last !== null && last.bits === hash.bits && last.step === hash.step) continue;
    if (limit !== 0 && places.length >= limit) break;
    if (index !== 0) last = hash;
    const [least, beyond] = scoresOf(hash);
    for (const { member, score } of values.scoreRange(key, least, beyond)) {
      const point = pointOf(score);
      const distance = distanceWithin(shape, point);
      if (distance !== null) places.push({ member, score, point, distance });
      if (limit !== 0 && places.length >= limit) break;
    }
  }
  return places;
}

/** @returns as many as are wanted. */
function sorted(places: Place[], { order, count, isAny }: GeoOptions): Place[] {
  const isPart = count !== 0 && count < places.length;
  // The nearest are wanted, if only some are; any will do, if that is said.
  if (order === 'none' && (count === 0 || isAny)) return isPart ? places.slice(0, count) : places;
  const compare = order === 'descending' ? byDistanceDown : byDistance;
  return isPart ? partialSort(places, compare, 0, count - 1) : places.toSorted(compare);
}

const byDistance = (one: Place, other: Place): number => one.distance - other.distance;
const byDistanceDown = (one: Place, other: Place): number => other.distance - one.distance;

function placeReply(
  { member, score, point, distance }: Place,
  unit: number,
  options: GeoOptions,
): Reply {
  const { withDistance, withHash, withCoordinates } = options;
  if (!withDistance && !withHash && !withCoordinates) return reply.bulk(member);
  const items = [reply.bulk(member)];
  if (withDistance) items.push(reply.bulk(distanceText(distance / unit)));
  if (withHash) items.push(reply.integer(BigInt(Math.trunc(score))));
  if (withCoordinates) items.push(pointReply(point));
  return reply.array(items);
}

export function pointReply({ longitude, latitude }: Point): Reply {
  return reply.array([
    reply.double(longitude, coordinateText(longitude)),
    reply.double(latitude, coordinateText(latitude)),
  ]);
}

/** Store the places by their scores, or by how far they are; none: the key goes. */
function storePlaces(
  { db, propagateVerbatim }: CommandContext,
  key: Buffer,
  places: readonly Place[],
  unit: number,
  isByDistance: boolean,
): void {
  if (places.length === 0) {
    if (db.delete(key)) propagateVerbatim();
    return;
  }
  db.values.setZset(
    key,
    places.map(({ member, score, distance }) => ({
      member,
      score: isByDistance ? distance / unit : score,
    })),
  );
  propagateVerbatim(places.length);
}
