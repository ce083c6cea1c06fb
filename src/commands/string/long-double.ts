/**
 * C's `long double` as x86 has it: 64 bits of mantissa, which INCRBYFLOAT's results depend on.
 *
 * A number is mantissa × 2^exponent, exact in BigInts. Reading decimal text, adding, and writing
 * text each round once, to the nearest, to even between two: as glibc and the processor do.
 *
 * @see redis/redis 7.0.15 src/util.c, string2ld(), ld2string()
 */

export type LongDouble =
  | { readonly type: 'finite'; readonly mantissa: bigint; readonly exponent: number }
  | { readonly type: 'infinite'; readonly isNegative: boolean };

const MANTISSA_BITS = 64;
/** Of the lowest bit: of the smallest number there is, and of the largest. */
const MIN_EXPONENT = -16_445;
const MAX_EXPONENT = 16_384 - MANTISSA_BITS;

/** Redis reads no longer text as a number, bytes. */
const MAX_TEXT = 5 * 1024 - 1;
/** A decimal of so many digits before the point is too large, or after it too small, for sure. */
const MAX_MAGNITUDE = 5000;

const DECIMAL = /^([+-]?)(?:(\d+)\.?(\d*)|\.(\d+))(?:e([+-]?\d+))?$/i;
const HEXADECIMAL = /^([+-]?)0x(?:([\da-f]+)\.?([\da-f]*)|\.([\da-f]+))(?:p([+-]?\d+))?$/i;
const INFINITE = /^([+-]?)inf(?:inity)?$/i;

/**
 * Read a number as Redis does: decimal, hexadecimal or `inf`, without blanks.
 *
 * @returns null: it is none, or too large or too small to be told from zero.
 */
export function parseLongDouble(text: string): LongDouble | null {
  if (text.length > MAX_TEXT) return null;
  const [, decimalSign, ...decimal] = DECIMAL.exec(text) ?? [];
  if (decimalSign !== undefined) return scaled(decimalSign, decimal, 10);
  const [, hexSign, ...hexadecimal] = HEXADECIMAL.exec(text) ?? [];
  if (hexSign !== undefined) return scaled(hexSign, hexadecimal, 16);
  const [, infiniteSign] = INFINITE.exec(text) ?? [];
  return infiniteSign === undefined ? null : { type: 'infinite', isNegative: infiniteSign === '-' };
}

/** @param parts - digits before and after the point, or after it only; and the exponent. */
function scaled(
  sign: string,
  [whole = '', fraction = '', onlyFraction = '', exponentText = '0']: readonly (
    | string
    | undefined
  )[],
  base: 10 | 16,
): LongDouble | null {
  const after = fraction + onlyFraction;
  const digits = BigInt((base === 16 ? '0x' : '') + whole + after);
  if (digits === 0n) return ZERO;
  // Decimal exponents count digits, hexadecimal ones bits.
  const perDigit = base === 16 ? 4 : 1;
  const exponent = Number(exponentText) - after.length * perDigit;
  const magnitude = exponent / (base === 16 ? 4 : 1) + whole.length + after.length;
  if (Math.abs(magnitude) > MAX_MAGNITUDE + MAX_TEXT) return null;
  const factor = base === 16 ? 2n : 10n;
  const power = factor ** BigInt(Math.abs(exponent));
  const value = exponent < 0 ? rounded(digits, power) : rounded(digits * power, 1n);
  if (value.type === 'infinite' || value.mantissa === 0n) return null;
  return sign === '-' ? { ...value, mantissa: -value.mantissa } : value;
}

/** @returns null: it is not a number (infinity less infinity). */
export function addLongDoubles(a: LongDouble, b: LongDouble): LongDouble | null {
  if (a.type === 'infinite') {
    return b.type === 'infinite' && a.isNegative !== b.isNegative ? null : a;
  }
  if (b.type === 'infinite') return b;
  const exponent = Math.min(a.exponent, b.exponent);
  const sum =
    (a.mantissa << BigInt(a.exponent - exponent)) + (b.mantissa << BigInt(b.exponent - exponent));
  const isNegative = sum < 0n;
  const size = isNegative ? -sum : sum;
  const value =
    exponent < 0 ? rounded(size, 1n << BigInt(-exponent)) : rounded(size << BigInt(exponent), 1n);
  if (value.type === 'infinite') return { type: 'infinite', isNegative };
  return isNegative ? { ...value, mantissa: -value.mantissa } : value;
}

/** Write a finite number in full, with up to 17 digits after the point (printf's `%.17Lf`). */
export function formatLongDouble({
  mantissa,
  exponent,
}: LongDouble & { readonly type: 'finite' }): string {
  const isNegative = mantissa < 0n;
  const size = (isNegative ? -mantissa : mantissa) * 10n ** 17n;
  const units = exponent < 0 ? divided(size, 1n << BigInt(-exponent)) : size << BigInt(exponent);
  const digits = units.toString().padStart(18, '0');
  const fraction = digits.slice(-17).replace(/0+$/, '');
  const text = digits.slice(0, -17) + (fraction === '' ? '' : `.${fraction}`);
  return isNegative && units !== 0n ? `-${text}` : text;
}

const ZERO: LongDouble = { type: 'finite', mantissa: 0n, exponent: 0 };

/** @returns the number nearest to a fraction of two whole numbers, the first one not negative. */
function rounded(numerator: bigint, denominator: bigint): LongDouble {
  if (numerator === 0n) return ZERO;
  // Of this length the quotient has 64 bits, or one more.
  const guess = bitLength(numerator) - bitLength(denominator) - MANTISSA_BITS;
  for (let exponent = Math.max(guess, MIN_EXPONENT); ; exponent++) {
    const mantissa =
      exponent < 0
        ? divided(numerator << BigInt(-exponent), denominator)
        : divided(numerator, denominator << BigInt(exponent));
    if (bitLength(mantissa) > MANTISSA_BITS) continue;
    if (exponent > MAX_EXPONENT) return { type: 'infinite', isNegative: false };
    return { type: 'finite', mantissa, exponent };
  }
}

/** @returns the nearest whole number to a quotient; between two, the even one. */
function divided(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = 2n * (numerator - quotient * denominator);
  const isUp = twice > denominator || (twice === denominator && (quotient & 1n) === 1n);
  return isUp ? quotient + 1n : quotient;
}

function bitLength(value: bigint): number {
  if (value === 0n) return 0;
  const text = value.toString(16);
  return 4 * (text.length - 1) + (32 - Math.clz32(Number.parseInt(text.charAt(0), 16)));
}
