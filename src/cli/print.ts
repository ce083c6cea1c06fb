/** The result of a command, for people or machines: a text and a line break on stdout. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Columns of the terminal that stdout is; without one there is no limit. */
export function printWidth(): number {
  return process.stdout.isTTY ? process.stdout.columns : Infinity;
}
