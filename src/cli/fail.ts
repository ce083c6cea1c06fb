/** How a command ends that cannot go on: one message for people, and an exit code. */
import { RingleaderError } from '../base/errors.js';
import { EXIT_CODES, exitCodeOf } from './exit-code.js';

/**
 * Say why, on stderr, and set the exit code.
 *
 * An operating error has a message that says what to do; anything else is a bug, and its stack is
 * what is worth showing.
 */
export function fail(error: unknown): void {
  process.stderr.write(`${describe(error)}\n`);
  process.exitCode = exitCodeOf(error);
}

/** For commander's exitOverride: wrong usage is wrong input; help and version are none. */
export function exitFromUsage({ exitCode }: { readonly exitCode: number }): never {
  process.exit(exitCode === 0 ? EXIT_CODES.done.code : EXIT_CODES.wrongInput.code);
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!(error instanceof RingleaderError)) return error.stack ?? error.message;
  // Redis' own words on a configuration file stand alone, as tools expect them.
  return error.message.startsWith('***') ? error.message : `ringleader: ${error.message}`;
}
