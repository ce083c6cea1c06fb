/** Waiting for the operator to end a command. */

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Wait for SIGINT (Ctrl-C) or SIGTERM. A second one ends the process at once: the clean end may be
 * what hangs.
 *
 * @returns the signal's name.
 */
export function untilSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of SIGNALS) {
      process.once(signal, () => {
        for (const other of SIGNALS) process.once(other, () => process.exit(130));
        resolve(signal);
      });
    }
  });
}
