/**
 * Arguments of the geo commands: points, distances, units.
 *
 * @see redis/redis 7.0.15 src/geo.c, extractLongLatOrReply() and the like
 */
import { ReplyError } from '../../resp/reply.js';
import { doubleArg, wordArg } from '../arguments.js';
import { MERCATOR, type Point } from './geo-hash.js';
import { fixedText } from './geo-texts.js';

const METRES: ReadonlyMap<string, number> = new Map([
  ['m', 1],
  ['km', 1000],
  ['ft', 0.3048],
  ['mi', 1609.34],
]);

/** @returns metres. @throws ReplyError: there is no such unit. */
export function unitArg(arg: Buffer | undefined): number {
  const metres = METRES.get(wordArg(arg));
  if (metres !== undefined) return metres;
  throw new ReplyError('ERR unsupported unit provided. please use M, KM, FT, MI');
}

/** @throws ReplyError: one of the two is no number, or there is no such place. */
export function pointArgs(
  longitudeArg: Buffer | undefined,
  latitudeArg: Buffer | undefined,
): Point {
  const longitude = doubleArg(longitudeArg);
  const latitude = doubleArg(latitudeArg);
  const isOutside =
    Math.abs(longitude) > MERCATOR.longitude || Math.abs(latitude) > MERCATOR.latitude;
  if (!isOutside) return { longitude, latitude };
  const pair = `${shown(longitude)},${shown(latitude)}`;
  throw new ReplyError(`ERR invalid longitude,latitude pair ${pair}`);
}

function shown(value: number): string {
  if (Number.isFinite(value)) return fixedText(value, 6);
  return value > 0 ? 'inf' : '-inf';
}

/** A radius, in a unit. */
export interface Distance {
  readonly value: number;
  readonly unit: number;
}

/** @throws ReplyError: it is no number, negative, or of no unit. */
export function distanceArgs(arg: Buffer | undefined, unit: Buffer | undefined): Distance {
  const value = doubleArg(arg, 'need numeric radius');
  if (value < 0) throw new ReplyError('ERR radius cannot be negative');
  return { value, unit: unitArg(unit) };
}

export interface BoxSize {
  readonly width: number;
  readonly height: number;
  readonly unit: number;
}

/** @throws ReplyError: one is no number, negative, or of no unit. */
export function boxArgs(
  widthArg: Buffer | undefined,
  heightArg: Buffer | undefined,
  unit: Buffer | undefined,
): BoxSize {
  const width = doubleArg(widthArg, 'need numeric width');
  const height = doubleArg(heightArg, 'need numeric height');
  if (width < 0 || height < 0) throw new ReplyError('ERR height or width cannot be negative');
  return { width, height, unit: unitArg(unit) };
}
