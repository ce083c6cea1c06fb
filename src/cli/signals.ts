/** Waiting for the operator to end a command. */
import { exitCodeOfSignal } from './exit-code.js';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
type EndSignal = (typeof SIGNALS)[number];

/**
 * Wait for SIGINT (Ctrl-C) or SIGTERM. A second one ends the process at once: the clean end may be
 * what hangs.
 *
 * @returns the signal's name.
 */
export function untilSignal(): Promise<EndSignal> {
  return hearSignals().heard;
}

/** The same for a part of a command: after `leave` a signal ends the process, as ever. */
export function hearSignals(): { readonly heard: Promise<EndSignal>; leave(): void } {
  let first: ((signal: EndSignal) => void) | null = null;
  const onSignal = (signal: EndSignal): void => {
    if (first === null) process.exit(exitCodeOfSignal(signal));
    first(signal);
    first = null;
  };
  const heard = new Promise<EndSignal>((resolve) => {
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
