/**
 * What is searched for places: a circle or a box around a point; how far places are apart; and
 * which nine areas of geohashes cover a shape.
 *
 * @see redis/redis 7.0.15 src/geohash_helper.c
 */
import {
  type Area,
  decode,
  encode,
  type GeoHash,
  MAX_STEP,
  neighbour,
  type Point,
} from './geo-hash.js';

/** Sizes are metres. */
export type Shape =
  | { readonly type: 'circle'; readonly centre: Point; readonly radius: number }
  | {
      readonly type: 'box';
      readonly centre: Point;
      readonly width: number;
      readonly height: number;
    };

const EARTH_RADIUS = 6_372_797.560856;
const MERCATOR_MAX = 20_037_726.37;

function radians(angle: number): number {
  return angle * (Math.PI / 180);
}

function degrees(arc: number): number {
  return arc / (Math.PI / 180);
}

/** @returns metres along a meridian. */
function latitudeDistance(one: number, other: number): number {
  return EARTH_RADIUS * Math.abs(radians(other) - radians(one));
}

/** @returns metres, by the haversine formula. */
export function distance(one: Point, other: Point): number {
  const v = Math.sin((radians(other.longitude) - radians(one.longitude)) / 2);
  if (v === 0) return latitudeDistance(one.latitude, other.latitude);
  const north = radians(one.latitude);
  const otherNorth = radians(other.latitude);
  const u = Math.sin((otherNorth - north) / 2);
  const a = u * u + Math.cos(north) * Math.cos(otherNorth) * v * v;
  return 2 * EARTH_RADIUS * Math.asin(Math.sqrt(a));
}

/** @returns how far a point of the shape is from its centre; null: it is outside. */
export function distanceWithin(shape: Shape, point: Point): number | null {
  const { centre } = shape;
  if (shape.type === 'circle') {
    const metres = distance(centre, point);
    return metres > shape.radius ? null : metres;
  }
  if (latitudeDistance(point.latitude, centre.latitude) > shape.height / 2) return null;
  const level = { longitude: centre.longitude, latitude: point.latitude };
  if (distance(point, level) > shape.width / 2) return null;
  return distance(centre, point);
}

/** The hashes whose areas cover the shape, none twice in a row; some may be the same. */
export function coveringHashes(shape: Shape): readonly GeoHash[] {
  const { centre } = shape;
  const box = boundingBox(shape);
  const metres =
    shape.type === 'circle'
      ? shape.radius
      : Math.sqrt((shape.width / 2) * (shape.width / 2) + (shape.height / 2) * (shape.height / 2));
  let step = stepFor(metres, centre.latitude);
  let hash = encode(centre, step);
  if (step > 1 && !isCovered(hash, box)) hash = encode(centre, --step);
  const isLeftOut = step >= 2 ? sidesLeftOut(decode(hash), box) : () => false;
  const hashes = [hash];
  for (const [east, north] of AROUND) {
    if (!isLeftOut(east, north)) hashes.push(neighbour(hash, east, north));
  }
  return hashes;
}

/** In Redis' order, which is that of what is found. */
const AROUND = [
  [0, 1],
  [0, -1],
  [1, 0],
  [-1, 0],
  [1, 1],
  [-1, 1],
  [1, -1],
  [-1, -1],
] as const;

function boundingBox(shape: Shape): Area {
  const { longitude, latitude } = shape.centre;
  const high = shape.type === 'circle' ? shape.radius : shape.height / 2;
  const wide = shape.type === 'circle' ? shape.radius : shape.width / 2;
  const up = degrees(high / EARTH_RADIUS);
  // Degrees of longitude are shortest towards the nearer pole.
  const edge = latitude < 0 ? latitude - up : latitude + up;
  const across = degrees(wide / EARTH_RADIUS / Math.cos(radians(edge)));
  return {
    west: longitude - across,
    east: longitude + across,
    south: latitude - up,
    north: latitude + up,
  };
}

/** @returns how many bits make areas about as large as the radius. */
function stepFor(metres: number, latitude: number): number {
  if (metres === 0) return MAX_STEP;
  let step = 1;
  for (let range = metres; range < MERCATOR_MAX; range *= 2) step++;
  step -= 2;
  const north = Math.abs(latitude);
  if (north > 66) step--;
  if (north > 80) step--;
  return Math.min(Math.max(step, 1), MAX_STEP);
}

/** Whether the nine areas around a hash reach to the box's ends. */
function isCovered(hash: GeoHash, box: Area): boolean {
  return (
    decode(neighbour(hash, 0, 1)).north >= box.north &&
    decode(neighbour(hash, 0, -1)).south <= box.south &&
    decode(neighbour(hash, 1, 0)).east >= box.east &&
    decode(neighbour(hash, -1, 0)).west <= box.west
  );
}

/** Which of the neighbours are not needed, for the box ends before them. */
function sidesLeftOut(area: Area, box: Area): (east: number, north: number) => boolean {
  return (east, north) =>
    (north < 0 && area.south < box.south) ||
    (north > 0 && area.north > box.north) ||
    (east < 0 && area.west < box.west) ||
    (east > 0 && area.east > box.east);
}
