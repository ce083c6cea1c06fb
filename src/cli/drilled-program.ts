/** The program of `ringleader drill -- …`, as the client code of a drill. */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

import { tellingLine } from '../drill/judge/program-output.js';
import type { DrillContext } from '../drill/stage/context.js';
import { ProcessGroup } from './process-group.js';

/** Lines of its output that are kept. */
const KEPT = 30;

/** How a program ended by itself. */
export interface ProgramEnd {
  /** `exit code 1`, `SIGSEGV`. */
  readonly how: string;
  /** Its last lines on stderr; those on stdout if there are none. */
  readonly lastLines: readonly string[];
}

export class DrilledProgram {
  readonly #command: string;
  readonly #args: readonly string[];
  readonly #isVerbose: boolean;
  /** Why it could not be started; null: it could. */
  unusable: string | null = null;
  /** Of the latest run; null: it went on until it was told to end. */
  end: ProgramEnd | null = null;

  constructor(command: string, args: readonly string[], isVerbose: boolean) {
    this.#command = command;
    this.#args = args;
    this.#isVerbose = isVerbose;
  }

  /** Run it until the drill is over, or it ends by itself: then with an error that says how. */
  async run(ctx: DrillContext): Promise<void> {
    this.end = null;
    const group = new ProcessGroup(this.#command, this.#args, {
      env: { ...process.env, ...ctx.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { child } = group;
    ctx.onEnd(() => group.end());
    ctx.signal.addEventListener('abort', () => group.signal('SIGTERM'));
    const said = this.#read(child.stdout);
    const complained = this.#read(child.stderr, (line) => {
      if (!ctx.signal.aborted) ctx.error({ code: 'STDERR', message: line });
    });
    const [code, signal]: (number | string | null)[] = await once(child, 'close').catch(
      (error: Error) => {
        this.unusable = error.message; // It did not start.
        throw error;
      },
    );
    if (ctx.signal.aborted) return;
    const how = signal === null ? `exit code ${code}` : String(signal);
    const lastLines = complained.length > 0 ? complained : said;
    this.end = { how, lastLines };
    const why = tellingLine(lastLines);
    throw Object.assign(new Error(`the program ended (${how})${why && `: ${why}`}`), {
      code: 'PROGRAM_ENDED',
    });
  }

  /** @returns the last lines, kept up to date. */
  #read(stream: Readable | null, onLine: (line: string) => void = () => {}): readonly string[] {
    const kept: string[] = [];
    if (stream === null) return kept;
    stream.on('error', () => {}); // Destroyed at the end.
    createInterface({ input: stream }).on('line', (line) => {
      kept.push(line);
      if (kept.length > KEPT) kept.shift();
      if (this.#isVerbose) process.stderr.write(`${line}\n`);
      onLine(line);
    });
    return kept;
  }
}

/** @returns what it said before it ended, for people; '' if it said nothing. */
export function lastWords({ how, lastLines }: ProgramEnd): string {
  if (lastLines.length === 0) return '';
  const lines = lastLines.map((line) => `  | ${line}`.trimEnd());
  return [`  the program ended (${how}); the end of its output:`, ...lines].join('\n');
}

/** @returns one sentence for a program that ended before anything had succeeded. */
export function endedEarly({ how, lastLines }: ProgramEnd): string {
  const why = tellingLine(lastLines);
  return `the program ended (${how}) before it had done anything${why && `: ${why}`}`;
}
