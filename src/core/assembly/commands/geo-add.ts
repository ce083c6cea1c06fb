/**
 * GEOADD: a ZADD whose scores are geohashes of 52 bits, longitude and latitude interleaved. It goes
 * out as that.
 *
 * @see redis/redis 7.0.15 src/geo.c, geoaddCommand(); src/geohash.c, geohashEncode()
 */
import { allocate, release } from '../allocator/slabs';
import { writeFixed } from '../double-format';
import { double, readDouble } from '../double-parse';
import { arg, argc, argLength, argWord } from '../protocol/arguments';
import { replyErrorAbout } from '../protocol/reply';
import { addBytes, addNumber, addWord, beginCommand, endCommand } from '../stream/propagate';
import { notAFloat, outOfMemory, syntaxError } from './errors';
import { addScores, beginAdding } from './sorted-sets';
import { CH, NX, XX } from './words';

const LONGITUDE_LIMIT: f64 = 180;
const LATITUDE_LIMIT: f64 = 85.05112878;
/** Bits of each of the two. */
const STEPS: f64 = 67108864;

/** `GEOADD key [NX | XX] [CH] longitude latitude member [longitude latitude member …]`. */
export function geoadd(): void {
  let nx = false;
  let xx = false;
  let ch = false;
  let first: u32 = 2;
  for (; first < argc; first++) {
    const option = argWord(first);
    if (option === NX) nx = true;
    else if (option === XX) xx = true;
    else if (option === CH) ch = true;
    else break;
  }
  const places = (argc - first) / 3;
  if (places * 3 !== argc - first || (nx && xx) || places === 0) {
    syntaxError();
    return;
  }
  const scores = allocate(places << 3);
  if (scores === 0) {
    outOfMemory();
    return;
  }
  if (readPlaces(first, scores)) {
    beginAdding(nx, xx, ch);
    const changed = addScores(first, 3, scores);
    if (changed !== 0) propagate(first, scores, (changed - first) / 3);
  }
  release(scores);
}

/** @returns false: one is none, and the error is replied. */
function readPlaces(first: u32, scores: usize): bool {
  for (let i = first; i < argc; i += 3) {
    if (!readDouble(arg(i), argLength(i))) {
      notAFloat();
      return false;
    }
    const longitude = double;
    if (!readDouble(arg(i + 1), argLength(i + 1))) {
      notAFloat();
      return false;
    }
    if (abs(longitude) > LONGITUDE_LIMIT || abs(double) > LATITUDE_LIMIT) {
      outside(longitude, double);
      return false;
    }
    store<f64>(scores, geohash(longitude, double));
    scores += 8;
  }
  return true;
}

/** Two numbers of at most 309 digits, and six behind the point. */
const PAIR_TEXT: usize = memory.data(700);

function outside(longitude: f64, latitude: f64): void {
  let end = writeFixed(PAIR_TEXT, longitude);
  store<u8>(end++, 0x2c);
  end = writeFixed(end, latitude);
  const length = <u32>(end - PAIR_TEXT);
  replyErrorAbout('-ERR invalid longitude,latitude pair ', PAIR_TEXT, length, '');
}

function geohash(longitude: f64, latitude: f64): f64 {
  const east = ((longitude + LONGITUDE_LIMIT) / (LONGITUDE_LIMIT * 2)) * STEPS;
  const north = ((latitude + LATITUDE_LIMIT) / (LATITUDE_LIMIT * 2)) * STEPS;
  return <f64>(spread(<u32>north) | (spread(<u32>east) << 1));
}

/** Put a zero between every two bits. */
function spread(bits: u32): u64 {
  let word: u64 = bits;
  word = (word | (word << 16)) & 0x0000ffff0000ffff;
  word = (word | (word << 8)) & 0x00ff00ff00ff00ff;
  word = (word | (word << 4)) & 0x0f0f0f0f0f0f0f0f;
  word = (word | (word << 2)) & 0x3333333333333333;
  return (word | (word << 1)) & 0x5555555555555555;
}

/** @param places - how many of them. */
function propagate(first: u32, scores: usize, places: u32): void {
  if (!beginCommand(first + places * 2)) return;
  addWord('zadd');
  for (let i: u32 = 1; i < first; i++) addBytes(arg(i), argLength(i));
  for (let i: u32 = 0; i < places; i++) {
    const member = first + i * 3 + 2;
    addNumber(<i64>load<f64>(scores + ((<usize>i) << 3)));
    addBytes(arg(member), argLength(member));
  }
  endCommand();
}
