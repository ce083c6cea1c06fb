/** What `--help` says below the options, in as many columns as there are. */
import { type AddHelpTextContext, Help } from 'commander';

const LEAST_WIDTH = 20;

export interface Example {
  /** What it does, where the command does not say it. */
  readonly does?: string;
  readonly command: string;
}

/** For addHelpText(): a paragraph, then commands that can be copied. */
export function examples(list: readonly Example[], prose = '') {
  return ({ command }: AddHelpTextContext): string => {
    const width = columns(command);
    const lines = list.flatMap(({ does, command: words }, i) => [
      ...(i > 0 && (does ?? list[i - 1]?.does) !== undefined ? [''] : []),
      ...(does === undefined ? [] : comment(does, width)),
      wrapCommand(words, width),
    ]);
    const before = prose === '' ? '' : `\n${wrap(prose, width)}\n`;
    return `${before}\nExamples:\n${lines.join('\n')}`;
  };
}

/** Terms and what they mean, as a table that wraps. */
export function table(title: string, rows: readonly (readonly [string, string])[]) {
  return ({ command }: AddHelpTextContext): string => {
    const widest = Math.max(...rows.map(([term]) => term.length));
    const indent = ' '.repeat(widest + 4);
    const lines = rows.map(([term, means]) => {
      const text = wrap(means, columns(command) - indent.length).replaceAll('\n', `\n${indent}`);
      return `  ${term.padEnd(widest)}  ${text}`;
    });
    return `\n${title}:\n${lines.join('\n')}`;
  };
}

function columns(command: AddHelpTextContext['command']): number {
  const { helpWidth } = command.configureHelp();
  return Math.max(LEAST_WIDTH, helpWidth ?? process.stdout.columns ?? 80);
}

function wrap(text: string, width: number): string {
  return Object.assign(new Help(), { minWidthToWrap: LEAST_WIDTH }).boxWrap(text, width);
}

function comment(text: string, width: number): string[] {
  return wrap(text, width - 4)
    .split('\n')
    .map((line) => `  # ${line}`);
}

/** A command in several lines, between its options, as a shell takes it. */
function wrapCommand(command: string, width: number): string {
  const lines: string[] = [];
  let line = '  $';
  for (const part of command.split(/ (?=--|>)/)) {
    if (line.length + part.length + 3 > width && line.trim() !== '$' && line.trim() !== '') {
      lines.push(`${line} \\`);
      line = '     ';
    }
    line += ` ${part}`;
  }
  return [...lines, line].join('\n');
}
