/**
 * No more arguments than a method takes. A compiler says so first; without one
 * `client.incr('visits', 2)` would add 1, and `cache.clear('sessions')` clear everything.
 *
 * Methods that are handed over as callbacks, close() and stop(), are called with whatever comes and
 * take it.
 */
import { RingleaderError } from './errors.js';

/**
 * Let methods of a class refuse what they do not take: by CONFIG_INVALID, which those that are
 * async reject with.
 *
 * @param type - the class.
 * @param most - by the method's name, how many arguments it takes.
 */
export function limitArguments<Instance extends object>(
  type: { readonly name: string; readonly prototype: Instance },
  most: Readonly<Partial<Record<keyof Instance & string, number>>>,
): void {
  for (const [name, count] of Object.entries<number | undefined>(most)) {
    const method: unknown = Reflect.get(type.prototype, name);
    if (typeof method !== 'function' || count === undefined) {
      throw new TypeError(`${type.name} has no method ${name}`);
    }
    const isAsync = method.constructor.name === 'AsyncFunction';
    const limited = function (this: unknown, ...args: unknown[]): unknown {
      if (args.length <= count) return Reflect.apply(method, this, args);
      const error = tooMany(name, count, args.length);
      if (isAsync) return Promise.reject(error);
      throw error;
    };
    Object.defineProperty(limited, 'name', { value: name });
    Object.defineProperty(limited, 'length', { value: method.length });
    Object.defineProperty(type.prototype, name, { value: limited });
  }
}

/** The same for one that has no nanosecond to spare for it. */
export function tooMany(name: string, most: number, given: number): RingleaderError {
  const takes =
    most === 0 ? 'no argument' : most === 1 ? 'one argument' : `${most} arguments at most`;
  return new RingleaderError('CONFIG_INVALID', `${name}() takes ${takes}; got ${given}`);
}
