/**
 * What a caller gave is not what is taken: refused in one form, which names what was given, the
 * rule and the value. Values that are not plain are named by their kind: they can be long, or
 * secret.
 */
import { RingleaderError } from './errors.js';

/** @returns CONFIG_INVALID: `cannot use ttl: a whole number of ms; got an object`. */
export function refusal(what: string, rule: string, value: unknown): RingleaderError {
  return unusable(what, rule, shown(value));
}

/** The same where the caller says in words what was given. */
export function unusable(what: string, rule: string, got: string): RingleaderError {
  return new RingleaderError('CONFIG_INVALID', `cannot use ${what}: ${rule}; got ${got}`);
}

/** A value for people: plain ones as they are, others by their kind. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 100));
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) {
    return String(value);
  }
  return kindOf(value);
}

/** `an object`, `a function`…: what stands where something else should. */
export function kindOf(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/**
 * Options are an object with no other fields than these.
 *
 * @param of - whose options: `set()`.
 * @throws RingleaderError CONFIG_INVALID, naming the option that there is not.
 */
export function checkOptions<T>(
  of: string,
  options: T,
  names: readonly string[],
): asserts options is Exclude<T, (...args: never[]) => unknown> {
  const takes = `{ ${names.join(', ')} }`;
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw refusal(`the options of ${of}`, `an object ${takes}`, options);
  }
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new RingleaderError(
    'CONFIG_INVALID',
    `there is no option ${unknown} of ${of}; there are ${names.join(', ')}`,
  );
}

/**
 * @throws RingleaderError CONFIG_INVALID: it is neither undefined nor ms. Infinity is: for ever.
 */
export function checkMs(name: string, value: unknown, least = 0): void {
  if (value === undefined || (typeof value === 'number' && value >= least)) return;
  throw refusal(name, `ms, ${least} or more`, value);
}

/** @throws RingleaderError CONFIG_INVALID: it is no function. */
export function checkFunction<T>(
  name: string,
  value: T,
): asserts value is Extract<T, (...args: never[]) => unknown> {
  if (typeof value !== 'function') throw refusal(name, 'a function', value);
}
