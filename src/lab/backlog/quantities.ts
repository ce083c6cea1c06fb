/**
 * Durations in seconds, as the sizing reckons; and quantities for people: three digits and a unit.
 */
import { unusable } from '../../base/refuse.js';
import { readDuration, readSize } from '../../base/quantity.js';
import { withUnit } from '../../report/number.js';

/**
 * @returns seconds.
 * @throws RingleaderError CONFIG_INVALID, naming the input.
 */
export function readSeconds(name: string, text: string): number {
  return readDuration(name, text) / 1000;
}

/**
 * A size that is a server's: a few bytes are a forgotten unit.
 *
 * @returns bytes.
 * @throws RingleaderError CONFIG_INVALID, naming the input.
 */
export function readLargeSize(name: string, text: string): number {
  const bytes = readSize(name, text);
  if (bytes > 0 && bytes < 1024 && /\d\s*$/.test(text)) {
    throw unusable(
      name,
      `so few bytes are written with their unit, as ${text.trim()}b or ${text.trim()}mb`,
      JSON.stringify(text),
    );
  }
  return bytes;
}

/** @returns bytes for people: three digits and a unit. */
export function roundBytes(bytes: number): string {
  return withUnit(bytes, 'bytes');
}

/** @returns a duration for people. */
export function roundSeconds(seconds: number): string {
  return withUnit(seconds, 's');
}

/** @returns a probability for people, in percent. */
export function percent(share: number): string {
  const value = share * 100;
  if (value === 0) return '0 %';
  if (value < 0.01) return '<0.01 %';
  return `${value < 1 ? value.toFixed(2) : threeDigits(value)} %`;
}

function threeDigits(value: number): string {
  if (value >= 100) return String(Math.round(value));
  return String(Number(value.toFixed(value >= 10 ? 1 : 2)));
}
