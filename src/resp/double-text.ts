/** Doubles as replies show them: as C's `%.17g` does, so that each is read back as it was. */

const DIGITS = 17;

export function doubleText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  if (value === 0) return `${sign}0`;
  if (!Number.isFinite(value)) return `${sign}inf`;
  const { digits, power } = rounded(Math.abs(value));
  if (power < -4 || power >= DIGITS) {
    const size = String(Math.abs(power)).padStart(2, '0');
    return `${sign}${pointed(digits, 1)}e${power < 0 ? '-' : '+'}${size}`;
  }
  return sign + (power < 0 ? pointed('0'.repeat(-power) + digits, 1) : pointed(digits, power + 1));
}

/** The first digits, and the power of ten that the first one stands for. */
function rounded(size: number): { readonly digits: string; readonly power: number } {
  // Half-way between two C takes the even one, JavaScript the larger.
  // oxlint-disable-next-line oxc/number-arg-out-of-range -- Up to 100 since ES2018.
  const exact = size.toExponential(40);
  const isTie = /^\d\.\d{15}[02468]50+e/.test(exact);
  const [digits = '', power] = (isTie ? exact : size.toExponential(DIGITS - 1)).split('e');
  return { digits: digits.replace('.', '').slice(0, DIGITS), power: Number(power) };
}

/** @param whole - how many digits stand before the point; zeros at the end go. */
function pointed(digits: string, whole: number): string {
  const fraction = digits.slice(whole).replace(/0+$/, '');
  return fraction === '' ? digits.slice(0, whole) : `${digits.slice(0, whole)}.${fraction}`;
}
