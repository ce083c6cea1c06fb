/**
 * What a command is doing, for whoever waits: on stderr, so that stdout holds the result alone.
 *
 * On a terminal, one line that changes; elsewhere a plain line for each new text.
 */
import ora from 'ora';

export interface Progress {
  /** What is going on now. */
  say(text: string): void;
  /** It is over: nothing of it stays on a terminal. */
  end(): void;
}

/** @param quiet - say nothing at all. */
export function startProgress(quiet = false): Progress {
  if (quiet) return { say() {}, end() {} };
  if (!process.stderr.isTTY) {
    let last = '';
    return {
      say(text) {
        if (text !== last) process.stderr.write(`${text}\n`);
        last = text;
      },
      end() {},
    };
  }
  // Ctrl-C must reach the command, which has threads and servers to end.
  const spinner = ora({
    stream: process.stderr,
    discardStdin: false,
    ...(process.env['NO_COLOR'] ? { color: false } : {}),
  });
  return {
    say(text) {
      spinner.text = text;
      if (!spinner.isSpinning) spinner.start();
    },
    end() {
      spinner.stop();
    },
  };
}
