/** Why a connection could not be made, or was lost, for people. */

/**
 * @returns the error's message; where a name has several addresses, that of the first one tried:
 * Node's error about all of them has none.
 */
export function connectErrorText(error: unknown): string {
  const first: unknown = error instanceof AggregateError ? (error.errors[0] ?? error) : error;
  return first instanceof Error ? first.message : String(first);
}
