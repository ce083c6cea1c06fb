/**
 * The mark that a strict master puts into its stream: a PING that says its ballot. Who knows
 * nothing of ballots, a replica of real Redis or a reader of an append-only file, passes it over.
 */
const PREFIX = 'strict-ballot:';

export function markText(ballot: number): readonly string[] {
  return ['PING', `${PREFIX}${ballot}`];
}

/** @returns the ballot; null: it is another command. */
export function markOf([name, message, ...rest]: readonly Buffer[]): number | null {
  if (name?.length !== 4 || message === undefined || rest.length > 0) return null;
  if (name.toString('latin1').toUpperCase() !== 'PING') return null;
  const text = message.toString('latin1');
  const digits = text.startsWith(PREFIX) ? text.slice(PREFIX.length) : '';
  return /^\d{1,10}$/.test(digits) ? Number(digits) : null;
}
