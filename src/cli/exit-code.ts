/** How the commands end: one table for all of them, and for the README. */
import { constants } from 'node:os';

import { type ErrorCode, RingleaderError } from '../base/errors.js';

/** Exit codes, each with what it means. */
export const EXIT_CODES = {
  done: { code: 0, means: 'done; every verdict passed; Ctrl-C ended what runs until then' },
  failed: {
    code: 1,
    means: 'it failed: a verdict, the cluster, a proof, a lone server; or a bug, with its stack',
  },
  wrongInput: {
    code: 2,
    means: 'what was given cannot be used: a flag, a file, a directive, a server that is away',
  },
  interrupted: { code: 130, means: 'ended by Ctrl-C before there was a result; 143: by SIGTERM' },
  readerGone: { code: 141, means: 'whoever read its output went away, as head does' },
} as const;

/** @returns the exit code of what a signal has ended, as shells count them. */
export function exitCodeOfSignal(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP'): number {
  return 128 + constants.signals[signal];
}

/** Errors whose cause is what the user gave; the others are failures. */
const WRONG_INPUT: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'CONFIG_INVALID',
  'CONNECTION_LOST',
  'UNSUPPORTED',
]);

/** @returns the exit code for an error that ends a command. */
export function exitCodeOf(error: unknown): number {
  const isInput = error instanceof RingleaderError && WRONG_INPUT.has(error.code);
  return isInput ? EXIT_CODES.wrongInput.code : EXIT_CODES.failed.code;
}

/** The table, for `--help`. */
export const EXIT_CODE_ROWS = Object.values(EXIT_CODES).map(
  ({ code, means }) => [String(code), means] as const,
);
