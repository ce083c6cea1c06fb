/**
 * What GEORADIUS, GEOSEARCH and their relatives are asked: the options, in any order.
 *
 * @see redis/redis 7.0.15 src/geo.c, georadiusGeneric()
 */
import { ReplyError } from '../../resp/reply.js';
import { integerArg, latin1, SYNTAX_ERROR, wordArg } from '../arguments.js';
import { type BoxSize, boxArgs, type Distance, distanceArgs, pointArgs } from './geo-arguments.js';
import type { Point } from './geo-hash.js';

/** Of what a family of commands takes, what one does. */
export interface GeoForm {
  /** Index of the first option. */
  readonly options: number;
  /** FROM… and BY… are options: GEOSEARCH. */
  readonly isSearch: boolean;
  /** STORE and STOREDIST name a key: GEORADIUS; STOREDIST is a word alone: GEOSEARCHSTORE. */
  readonly store: 'none' | 'option' | 'argument';
}

export interface GeoOptions {
  readonly withDistance: boolean;
  readonly withHash: boolean;
  readonly withCoordinates: boolean;
  readonly order: 'none' | 'ascending' | 'descending';
  /** 0: all. */
  readonly count: number;
  readonly isAny: boolean;
  readonly storeKey: Buffer | null;
  readonly storesDistance: boolean;
  /** What the search is around, where an option says it; 'nowhere': a member of a missing key. */
  readonly from: Point | 'nowhere' | null;
  readonly circle: Distance | null;
  readonly box: BoxSize | null;
}

/**
 * @param pointOfMember - of the key that is searched; null: the key is missing.
 * @throws ReplyError
 */
export function readGeoOptions(
  args: readonly Buffer[],
  form: GeoForm,
  pointOfMember: ((member: Buffer) => Point) | null,
): GeoOptions {
  const read: { -readonly [Name in keyof GeoOptions]: GeoOptions[Name] } = {
    withDistance: false,
    withHash: false,
    withCoordinates: false,
    order: 'none',
    count: 0,
    isAny: false,
    storeKey: form.store === 'argument' ? (args[1] ?? null) : null,
    storesDistance: false,
    from: null,
    circle: null,
    box: null,
  };
  let isFromMember = false;
  for (let i = form.options; i < args.length; i++) {
    const word = wordArg(args[i]);
    const left = args.length - i - 1;
    if (word === 'withdist') read.withDistance = true;
    else if (word === 'withhash') read.withHash = true;
    else if (word === 'withcoord') read.withCoordinates = true;
    else if (word === 'any') read.isAny = true;
    else if (word === 'asc') read.order = 'ascending';
    else if (word === 'desc') read.order = 'descending';
    else if (word === 'count' && left > 0) {
      read.count = integerArg(args[++i]);
      if (read.count <= 0) throw new ReplyError('ERR COUNT must be > 0');
    } else if ((word === 'store' || word === 'storedist') && left > 0 && form.store === 'option') {
      read.storeKey = args[++i] ?? null;
      read.storesDistance = word === 'storedist';
    } else if (word === 'storedist' && form.store === 'argument') read.storesDistance = true;
    else if (!form.isSearch) throw new ReplyError(SYNTAX_ERROR);
    else if (word === 'frommember' && left > 0 && (read.from === null || isFromMember)) {
      const member = args[++i] ?? NONE;
      read.from = pointOfMember === null ? 'nowhere' : pointOfMember(member);
      isFromMember = true;
    } else if (word === 'fromlonlat' && left > 1 && !isFromMember) {
      read.from = pointArgs(args[i + 1], args[i + 2]);
      i += 2;
    } else if (word === 'byradius' && left > 1 && read.box === null) {
      read.circle = distanceArgs(args[i + 1], args[i + 2]);
      i += 2;
    } else if (word === 'bybox' && left > 2 && read.circle === null) {
      read.box = boxArgs(args[i + 1], args[i + 2], args[i + 3]);
      i += 3;
    } else throw new ReplyError(SYNTAX_ERROR);
  }
  refuseContradictions(args, form, read);
  return read;
}

function refuseContradictions(args: readonly Buffer[], form: GeoForm, read: GeoOptions): void {
  if (read.storeKey !== null && (read.withDistance || read.withHash || read.withCoordinates)) {
    const what = form.store === 'argument' ? 'GEOSEARCHSTORE' : 'STORE option in GEORADIUS';
    throw new ReplyError(
      `ERR ${what} is not compatible with WITHDIST, WITHHASH and WITHCOORD options`,
    );
  }
  const name = latin1(args[0]);
  if (form.isSearch && read.from === null) {
    throw new ReplyError(
      `ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for ${name}`,
    );
  }
  if (form.isSearch && read.circle === null && read.box === null) {
    throw new ReplyError(`ERR exactly one of BYRADIUS and BYBOX can be specified for ${name}`);
  }
  if (read.isAny && read.count === 0) {
    throw new ReplyError('ERR the ANY argument requires COUNT argument');
  }
}

const NONE = Buffer.alloc(0);
