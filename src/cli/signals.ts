/** Waiting for the operator to end a command. */
import { EXIT_CODES } from './exit-code.js';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Wait for SIGINT (Ctrl-C) or SIGTERM. A second one ends the process at once: the clean end may be
 * what hangs.
 *
 * @returns the signal's name.
 */
export function untilSignal(): Promise<NodeJS.Signals> {
  return hearSignals().heard;
}

/** The same for a part of a command: after `leave` a signal ends the process, as ever. */
export function hearSignals(): { readonly heard: Promise<NodeJS.Signals>; leave(): void } {
  let first: ((signal: NodeJS.Signals) => void) | null = null;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (first === null) process.exit(EXIT_CODES.interrupted.code);
    first(signal);
    first = null;
  };
  const heard = new Promise<NodeJS.Signals>((resolve) => {
    first = resolve;
  });
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return {
    heard,
    leave() {
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
}
