/**
 * What a program that ended has said of it: the line that tells the error, among those around it.
 */

/** Node's and Python's: `TypeError: x is not a function`, `redis.exceptions.ConnectionError: …`. */
const NAMED_ERROR = /^(?:Uncaught )?(?:[\w$]+[.:]+)*[\w$]*(?:Error|Exception|Panic|panic)\b.*:/;
/** Indented lines are stacks; the others are what Node and npm say around an error. */
const AROUND = /^\s|^[)}\]]|^Node\.js v\d|^npm (?:error|ERR!)|^(?:node:|file:\/\/).*:\d+$|^\s*$/;

/**
 * @param lines - of the program's output, in order.
 * @returns the line that says best why it ended; '': none does.
 */
export function tellingLine(lines: readonly string[]): string {
  const candidates = lines.filter((line) => !AROUND.test(line));
  return candidates.findLast((line) => NAMED_ERROR.test(line)) ?? candidates.at(-1) ?? '';
}
