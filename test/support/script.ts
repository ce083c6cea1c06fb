/** The arguments of the scripts that `npm run` starts: checked, and said with --help. */
import { parseArgs } from 'node:util';

import { endWithReader } from '../../src/cli/reader-gone.js';

/**
 * An option's default decides its kind: a number takes whole numbers, a text anything, null is
 * none.
 */
type Defaults = Readonly<Record<string, number | string | null>>;
type Values<Given extends Defaults> = {
  readonly [Name in keyof Given]: Given[Name] extends null ? number | null : Given[Name];
};

/**
 * Read the command line. `--help` and wrong usage end the process: with 0 and the text on stdout,
 * with 2 and one sentence on stderr.
 *
 * @param help - what --help prints.
 * @param defaults - every option; null: a number that may be left out.
 */
export function scriptArguments<Given extends Record<string, number | string | null>>(
  help: string,
  defaults: Given,
): Values<Given> {
  endWithReader();
  try {
    const options = Object.fromEntries(
      Object.keys(defaults).map((name) => [name, { type: 'string' as const }]),
    );
    const { values }: { readonly values: Readonly<Record<string, unknown>> } = parseArgs({
      options: { ...options, help: { type: 'boolean', short: 'h' } },
    });
    if (values['help'] === true) {
      console.log(help);
      process.exit(0);
    }
    const read = Object.entries(defaults).map(([name, usual]) => {
      const given = values[name];
      if (typeof given !== 'string') return [name, usual];
      if (typeof usual === 'string') return [name, given];
      if (!/^\d{1,9}$/.test(given))
        throw new Error(`--${name} takes a whole number; got '${given}'`);
      return [name, Number(given)];
    });
    // Each value is of its default's kind, as was just seen to.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return Object.fromEntries(read) as Values<Given>;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)} (--help says more)`);
    return process.exit(2);
  }
}

/** A flag that is given as yes or no; anything else ends the process as wrong usage. */
export function isYes(name: string, value: string): boolean {
  if (value === 'yes' || value === 'no') return value === 'yes';
  console.error(`${name} is yes or no; got '${value}' (--help says more)`);
  return process.exit(2);
}
