/**
 * The prompt of `ringleader up` on a terminal. Events go on being printed: they stand above the
 * line that is being typed.
 */
import { clearLine, createInterface, cursorTo } from 'node:readline';

import { completeLine, type Operated, runLine } from './console-commands.js';

export interface Console {
  /** A text above the prompt. */
  print(text: string): void;
  close(): void;
}

/** @param onEnd - the user wants to leave: Ctrl-C, Ctrl-D or `quit`. */
export function startConsole(cluster: Operated, onEnd: () => void): Console {
  const { stdin: input, stdout: output } = process;
  const completer = (line: string): [string[], string] => completeLine(cluster, line);
  const lines = createInterface({ input, output, completer, prompt: '> ' });
  let isOpen = true;
  const print = (text: string): void => {
    if (!isOpen) return void output.write(`${text}\n`);
    clearLine(output, 0);
    cursorTo(output, 0);
    output.write(`${text}\n`);
    lines.prompt(true);
  };
  const obey = async (line: string): Promise<void> => {
    const said = await runLine(cluster, line);
    if (said === null) onEnd();
    else if (said !== '') print(said);
    else if (isOpen) lines.prompt(true);
  };
  lines.on('line', (line) => void obey(line));
  lines.on('SIGINT', onEnd);
  lines.on('close', () => {
    isOpen = false;
    onEnd();
  });
  lines.prompt();
  return {
    print,
    close: () => lines.close(),
  };
}
