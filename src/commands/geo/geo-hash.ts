/**
 * Geohashes: longitude and latitude halved again and again, the bits interleaved, the latitude's
 * first. In a geospatial index one of 26 steps, 52 bits, is a member's score.
 *
 * @see redis/redis 7.0.15 src/geohash.c
 */

export interface Point {
  readonly longitude: number;
  readonly latitude: number;
}

/** The bits, and how many of each of the two: `step`. */
export interface GeoHash {
  readonly bits: bigint;
  readonly step: number;
}

export interface Area {
  readonly west: number;
  readonly east: number;
  readonly south: number;
  readonly north: number;
}

/** What longitudes and latitudes are halved from. */
export interface Limits {
  readonly longitude: number;
  readonly latitude: number;
}

/** Those of an index: Mercator's projection has no poles. */
export const MERCATOR: Limits = { longitude: 180, latitude: 85.05112878 };
/** Those of the geohashes that people exchange. */
export const STANDARD: Limits = { longitude: 180, latitude: 90 };

export const MAX_STEP = 26;

export function encode(point: Point, step: number, limits = MERCATOR): GeoHash {
  const scale = 2 ** step;
  const north = ((point.latitude + limits.latitude) / (limits.latitude * 2)) * scale;
  const east = ((point.longitude + limits.longitude) / (limits.longitude * 2)) * scale;
  return { bits: spread(Math.floor(north)) | (spread(Math.floor(east)) << 1n), step };
}

export function decode({ bits, step }: GeoHash): Area {
  return areaOf(gather(bits), gather(bits >> 1n), step);
}

function areaOf(north: number, east: number, step: number): Area {
  const scale = 2 ** step;
  const { longitude, latitude } = MERCATOR;
  return {
    south: -latitude + (north / scale) * (latitude * 2),
    north: -latitude + ((north + 1) / scale) * (latitude * 2),
    west: -longitude + (east / scale) * (longitude * 2),
    east: -longitude + ((east + 1) / scale) * (longitude * 2),
  };
}

/** The point that a score of an index stands for: the middle of its area. */
export function pointOf(score: number): Point {
  const area = score >= 0 && score < 2 ** 52 ? smallArea(score) : decode(hashOf(score));
  return {
    longitude: within((area.west + area.east) / 2, MERCATOR.longitude),
    latitude: within((area.south + area.north) / 2, MERCATOR.latitude),
  };
}

/** The same as decode(), in numbers: 26 bits at a time. */
function smallArea(score: number): Area {
  const whole = Math.floor(score);
  const high = Math.floor(whole / 2 ** 26);
  const low = whole % 2 ** 26;
  const north = (every2nd(high) << 13) | every2nd(low);
  const east = (every2nd(high >> 1) << 13) | every2nd(low >> 1);
  return areaOf(north, east, MAX_STEP);
}

/** A score that GEOADD does not give: what a conversion in C makes of it. */
function hashOf(score: number): GeoHash {
  const isKnown = Math.abs(score) < 2 ** 63;
  const bits = isKnown ? BigInt.asUintN(64, BigInt(Math.trunc(score))) : 1n << 63n;
  return { bits, step: MAX_STEP };
}

function within(value: number, limit: number): number {
  return Math.min(Math.max(value, -limit), limit);
}

function spread(value: number): bigint {
  let word = BigInt(value);
  word = (word | (word << 16n)) & 0x0000ffff0000ffffn;
  word = (word | (word << 8n)) & 0x00ff00ff00ff00ffn;
  word = (word | (word << 4n)) & 0x0f0f0f0f0f0f0f0fn;
  word = (word | (word << 2n)) & 0x3333333333333333n;
  return (word | (word << 1n)) & EVEN;
}

function gather(bits: bigint): number {
  let word = bits & EVEN;
  word = (word | (word >> 1n)) & 0x3333333333333333n;
  word = (word | (word >> 2n)) & 0x0f0f0f0f0f0f0f0fn;
  word = (word | (word >> 4n)) & 0x00ff00ff00ff00ffn;
  word = (word | (word >> 8n)) & 0x0000ffff0000ffffn;
  return Number((word | (word >> 16n)) & 0xffffffffn);
}

/** Every second bit of 26, from the lowest on. */
function every2nd(bits: number): number {
  let word = bits & 0x1555555;
  word = (word | (word >> 1)) & 0x3333333;
  word = (word | (word >> 2)) & 0xf0f0f0f;
  word = (word | (word >> 4)) & 0xff00ff;
  return (word | (word >> 8)) & 0x1fff;
}

const EVEN = 0x5555555555555555n;
const ODD = 0xaaaaaaaaaaaaaaaan;

/** The hash beside one, so many steps east (1, 0 or -1) and north, around the edges. */
export function neighbour(hash: GeoHash, east: number, north: number): GeoHash {
  const unused = BigInt(64 - hash.step * 2);
  const moved = moveBits(hash.bits, ODD, EVEN >> unused, ODD >> unused, east);
  return { bits: moveBits(moved, EVEN, ODD >> unused, EVEN >> unused, north), step: hash.step };
}

/** Add to the bits of one of the two; `between` are the other's, which a carry must get across. */
function moveBits(bits: bigint, own: bigint, between: bigint, used: bigint, by: number): bigint {
  if (by === 0) return bits;
  const moved = by > 0 ? (bits & own) + (between + 1n) : ((bits & own) | between) - (between + 1n);
  return (BigInt.asUintN(64, moved) & used) | (bits & ~own);
}

/** @returns the least score of what the hash covers, and the first beyond. */
export function scoresOf({ bits, step }: GeoHash): readonly [least: number, beyond: number] {
  const unit = 2 ** (52 - step * 2);
  return [Number(bits) * unit, Number(bits + 1n) * unit];
}

const ALPHABET = '0123456789bcdefghjkmnpqrstuvwxyz';

/** The geohash of eleven letters that people exchange; the last is not known, and 0. */
export function geohashText(point: Point): string {
  const { bits } = encode(point, MAX_STEP, STANDARD);
  let text = '';
  for (let shift = 47; shift >= 2; shift -= 5) {
    text += ALPHABET[Number((bits >> BigInt(shift)) & 31n)] ?? '';
  }
  return `${text}0`;
}
