/**
 * When a key was used last, or how often: the 24 bits that eviction goes by.
 *
 * Under every policy but LFU's they are Unix seconds. Under LFU's they are a frequency from 0 to
 * 255 and the minute in which it was set. A use raises the frequency with a probability that falls
 * as it grows (a Morris counter: 255 stand for some million uses at the default factor); it falls
 * by one for every period that passes, which is reckoned when it is read.
 *
 * The bits are not translated when the policy changes: as in Redis, what they say is wrong until
 * the key is used again.
 *
 * @see redis/redis 7.0.15 src/evict.c, LFULogIncr(), LFUDecrAndReturn(), estimateObjectIdleTime()
 */
import { randomBelow } from '../hash';
import { LFU_DECAY_TIME, LFU_LOG_FACTOR } from '../layout';
import { accessClock, countsFrequency } from '../state';

/** Below twice the frequency of a new key a use counts more often than above: NEW_FREQUENCY. */
const EASY_UP_TO: u32 = 5;
const CLOCK_MASK: u32 = 0xffffff;

/** Note a use. */
export function touch(entry: usize): void {
  if (countsFrequency) raise(entry);
  else store<u32>(entry, (load<u32>(entry) & 0xff) | accessClock);
}

function raise(entry: usize): void {
  const frequency = raised(frequencyOf(entry));
  const minutes = accessClock & 0xffff0000;
  store<u32>(entry, (load<u32>(entry) & 0xff) | minutes | (frequency << 8));
}

function raised(frequency: u32): u32 {
  if (frequency === 255) return 255;
  const base = frequency > EASY_UP_TO ? frequency - EASY_UP_TO : 0;
  const odds = <u64>base * load<u32>(LFU_LOG_FACTOR) + 1;
  return odds === 1 || <u64>randomBelow(0x80000000) * odds < 0x80000000 ? frequency + 1 : frequency;
}

/** The 24 bits, as they are. */
export function accessOf(entry: usize): u32 {
  return load<u32>(entry) >> 8;
}

export function setAccess(entry: usize, bits: u32): void {
  store<u32>(entry, (load<u32>(entry) & 0xff) | (bits << 8));
}

/** @returns 0 to 255, with what it has lost since it was set. Only under a policy of LFU. */
export function frequencyOf(entry: usize): u32 {
  const word = load<u32>(entry);
  const frequency = (word >> 8) & 0xff;
  const period = load<u32>(LFU_DECAY_TIME);
  if (period === 0) return frequency;
  const set = word >> 16;
  const present = accessClock >> 16;
  // Past midnight of the 16-bit clock, once: as Redis reckons it, a minute short.
  const minutes = present >= set ? present - set : 0xffff - set + present;
  const lost = minutes / period;
  return lost > frequency ? 0 : frequency - lost;
}

/** @returns seconds since the last use. Only under a policy that is not LFU's. */
export function idleSecondsOf(entry: usize): u32 {
  const used = load<u32>(entry) >> 8;
  const present = accessClock >> 8;
  return present >= used ? present - used : present + (CLOCK_MASK - used);
}

/** It was used last so many seconds ago. Only under a policy that is not LFU's. */
export function setIdleSeconds(entry: usize, seconds: u32): void {
  const used = ((accessClock >> 8) - seconds) & CLOCK_MASK;
  store<u32>(entry, (load<u32>(entry) & 0xff) | (used << 8));
}

/** Only under a policy of LFU. @param frequency - 0 to 255. */
export function setFrequency(entry: usize, frequency: u32): void {
  const minutes = accessClock & 0xffff0000;
  store<u32>(entry, (load<u32>(entry) & 0xff) | minutes | (frequency << 8));
}
