/**
 * Integers in text, as strictly as Redis reads them: no blanks, no plus, no leading zeros, 64 bits.
 *
 * @see redis/redis 7.0.15 src/util.c, string2ll()
 */

/** @returns the integer, or null. */
export function exactInt64(text: string): bigint | null {
  if (!/^(?:0|-?[1-9]\d{0,18})$/.test(text)) return null;
  const exact = BigInt(text);
  return exact >= -(2n ** 63n) && exact < 2n ** 63n ? exact : null;
}

/** @returns the integer, or null; digits beyond 2^53 are rounded. */
export function parseInt64(text: string): number | null {
  const exact = exactInt64(text);
  return exact === null ? null : Number(exact);
}

/** @returns the integer, or null if it is none or cannot be kept to the last digit. */
export function parseSafeInteger(text: string): number | null {
  const value = parseInt64(text);
  return Number.isSafeInteger(value) ? value : null;
}
