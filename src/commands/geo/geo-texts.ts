/**
 * Coordinates and distances as Redis shows them.
 *
 * @see redis/redis 7.0.15 src/util.c, ld2string() (LD_STR_HUMAN), fixedpoint_d2string()
 */

/** 17 digits behind the point, of the exact value; zeros at the end are left out. */
export function coordinateText(value: number): string {
  const text = fixedText(value, 17).replace(/\.?0+$/, '');
  return text === '-0' ? '0' : text;
}

/** @returns `value` with so many digits behind the point, rounded once, a tie to the even digit. */
export function fixedText(value: number, digits: number): string {
  const sign = value < 0 ? '-' : '';
  let numerator = Math.abs(value);
  let denominator = 1n;
  // Doubled until it is whole: exact, as every double is so many halves.
  while (numerator % 1 !== 0) {
    numerator *= 2;
    denominator *= 2n;
  }
  const scaled = BigInt(numerator) * 10n ** BigInt(digits);
  const whole = scaled / denominator;
  const twice = (scaled % denominator) * 2n;
  const isUp = twice > denominator || (twice === denominator && whole % 2n === 1n);
  const text = String(isUp ? whole + 1n : whole).padStart(digits + 1, '0');
  return `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** Four digits behind the point, of a distance. */
export function distanceText(value: number): string {
  const scaled = value * 10_000;
  const below = Math.floor(scaled);
  const isUp = scaled - below > 0.5 || (scaled - below === 0.5 && below % 2 === 1);
  const text = String(BigInt(isUp ? below + 1 : below)).padStart(5, '0');
  return `${text.slice(0, -4)}.${text.slice(-4)}`;
}
