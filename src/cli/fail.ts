/** How a command ends that cannot go on: one message for people, and an exit code. */
import { type ErrorCode, RingleaderError } from '../base/errors.js';

/**
 * Say why, on stderr, and set the exit code.
 *
 * An operating error has a message that says what to do; anything else is a bug, and its stack is
 * what is worth showing.
 *
 * @param wrongInput - codes that mean that what the user gave is wrong: exit code 2; else it is 1.
 */
export function fail(error: unknown, wrongInput: readonly ErrorCode[] = []): void {
  process.stderr.write(`${describe(error)}\n`);
  const isInput = error instanceof RingleaderError && wrongInput.includes(error.code);
  process.exitCode = isInput ? 2 : 1;
}

/** For commander's exitOverride: wrong usage is wrong input, 2; help and version are none. */
export function exitFromUsage({ exitCode }: { readonly exitCode: number }): never {
  process.exit(exitCode === 0 ? 0 : 2);
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!(error instanceof RingleaderError)) return error.stack ?? error.message;
  // Redis' own words on a configuration file stand alone, as tools expect them.
  return error.message.startsWith('***') ? error.message : `ringleader: ${error.message}`;
}
