/** Broken invariants: they kill the actor, and its supervisor acts. On in production. */

/**
 * Stop the actor if an invariant does not hold.
 *
 * @throws AssertionError, which no code catches but the actor's host.
 */
export function assert(condition: boolean, message = 'invariant broken'): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** Prove to the compiler, and at run time, that a union was covered whole. */
export function assertNever(value: never): never {
  throw new AssertionError(`unexpected value: ${JSON.stringify(value)}`);
}

export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}
