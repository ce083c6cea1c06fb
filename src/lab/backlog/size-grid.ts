/**
 * The sizes that are looked at: 128 to each doubling, from the smallest backlog that Redis takes.
 *
 * They are round: whole kilobytes from 128 kb on, whole megabytes from 128 mb on, so each can stand
 * in a configuration file. And they are the numbers whose binary fraction has seven digits, so the
 * place of any number among them can be read off its bits, which makes a pass over a million
 * samples quick.
 */

/**
 * Redis takes no smaller backlog. @see redis/redis 7.0 src/server.h, CONFIG_REPL_BACKLOG_MIN_SIZE
 */
export const MIN_BACKLOG_BYTES = 16 * 1024;

/** Sizes in each doubling, and how far a double's upper word is shifted to number them. */
const SIZES_PER_OCTAVE = 128;
const SHIFT = 20 - Math.log2(SIZES_PER_OCTAVE);

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
/** Which of the two words has the exponent. */
const UPPER = ((): number => {
  double[0] = 1;
  return words[1] === 0 ? 0 : 1;
})();

const LOWER_DIGITS = 2 ** SHIFT - 1;

double[0] = MIN_BACKLOG_BYTES;
const FIRST = words[UPPER]! >>> SHIFT;

/** @returns bytes, ascending, up to the first power of two above `largest`. */
export function gridSizes(largest: number): Float64Array {
  const sizes: number[] = [];
  for (let octave = MIN_BACKLOG_BYTES; ; octave *= 2) {
    for (let step = 0; step < SIZES_PER_OCTAVE; step++) {
      sizes.push(octave * (1 + step / SIZES_PER_OCTAVE));
      if (step === 0 && octave > largest) return Float64Array.from(sizes);
    }
  }
}

/**
 * @param bytes - not negative.
 * @param count - sizes there are.
 * @returns how many of them are below: the index of the first that is not, or `count`.
 */
export function countBelow(bytes: number, count: number): number {
  if (bytes <= MIN_BACKLOG_BYTES) return 0;
  double[0] = bytes;
  const upper = words[UPPER]!;
  const index = (upper >>> SHIFT) - FIRST;
  if (index >= count) return count;
  // Without lower digits it is the size at `index`, which is not below itself.
  const isSize = (upper & LOWER_DIGITS) === 0 && words[1 - UPPER] === 0;
  return isSize ? index : index + 1;
}
