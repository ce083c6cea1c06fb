/** The result of a command, for people or machines: a text and a line break on stdout. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
