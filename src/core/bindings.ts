/**
 * Binds the data core's commands to their specs: renders, from the specs, the part of the core that
 * knows commands by name. The build puts it into src/core/assembly/commands/bindings.ts and
 * compiles the core with it, so a command's name, arity and flags are said once, in its spec.
 */

/** Numbers that the core has counters for (MAX_COMMANDS in layout.ts), and 0. */
const MAX_NUMBER = 255;

/** A function of the data core. */
export interface CoreFunction {
  /** In src/core/assembly/commands, without `.ts`. */
  readonly file: string;
  readonly name: string;
}

/** What the core takes from a command's spec (src/commands/spec.ts has all of it). */
interface SpecForCore {
  readonly name: string;
  readonly arity: number;
  readonly flags: readonly string[];
  readonly keys?: readonly {
    readonly flags: readonly string[];
    /** Missing: the key's place depends on other arguments. */
    readonly first?: number;
    readonly last?: number;
    readonly step?: number;
  }[];
  readonly memberAt?: 2 | 3;
  readonly run?: CoreFunction | object;
  readonly shortcut?: { readonly when: 'bare' | 'followed'; readonly run: CoreFunction };
}

interface Bound {
  readonly spec: SpecForCore;
  readonly run: CoreFunction;
}

/**
 * @param specs - of all commands, the core's among them.
 * @returns AssemblyScript: initCommands() and runCommand(). A command's number is its place in the
 * alphabet.
 * @throws Error: there are more than the core has counters for, or a name is too short or too long.
 */
export function coreBindings(specs: readonly SpecForCore[]): string {
  const bound = specs
    .map((spec): Bound | null => {
      const run = coreFunction(spec);
      return run === null ? null : { spec, run };
    })
    .filter((each) => each !== null)
    .toSorted((one, other) => (one.spec.name < other.spec.name ? -1 : 1));
  if (bound.length > MAX_NUMBER) throw new Error(`the core has ${bound.length} commands`);
  const files = [...new Set(bound.map(({ run }) => run.file))].toSorted();
  return `/** Made by the build from the commands' specs (src/core/bindings.ts). */
import { ALL_KEYS, DENY_OOM, IF_BARE, IF_FOLLOWED, MEMBER_2, MEMBER_3, NO_KEY, PAIRS, WRITE, define } from './table';
${files.map((file) => `import * as ${alias(file)} from './${file}';`).join('\n')}

export function initCommands(): void {
${bound.map(({ spec }, i) => `  define(${i + 1}, ${facts(spec)});`).join('\n')}
}

/** Calls the function that a command's number stands for. */
export function runCommand(id: u32): void {
  switch (id) {
${bound.map(({ run }, i) => `    case ${i + 1}:\n      return ${alias(run.file)}.${run.name}();`).join('\n')}
    default:
      unreachable();
  }
}
`;
}

/** @returns the core's function for a command, or for some of its calls; null: it has none. */
function coreFunction({ run, shortcut }: SpecForCore): CoreFunction | null {
  if (run !== undefined && 'file' in run) return run;
  return shortcut?.run ?? null;
}

/** A hyphen is of no name in a program. */
function alias(file: string): string {
  return file.replaceAll('-', '_');
}

/** define()'s arguments behind the number. */
function facts(spec: SpecForCore): string {
  // The core finds names by their first and last eight bytes.
  if (!/^[a-z]{3,16}$/.test(spec.name)) throw new Error(`the core cannot find ${spec.name}`);
  const flags = [
    ...(spec.flags.includes('write') ? ['WRITE'] : []),
    ...(spec.flags.includes('denyoom') ? ['DENY_OOM'] : []),
    ...keyPlaces(spec),
    ...(spec.memberAt === undefined ? [] : [`MEMBER_${spec.memberAt}`]),
    ...(spec.shortcut === undefined ? [] : [CONDITIONS[spec.shortcut.when]]),
  ];
  return `'${spec.name}', ${spec.arity}, ${flags.length === 0 ? '0' : flags.join(' | ')}`;
}

const CONDITIONS = { bare: 'IF_BARE', followed: 'IF_FOLLOWED' } as const;

/** Where the keys are that the core fetches ahead: the first argument, unless it says otherwise. */
function keyPlaces({ keys }: SpecForCore): readonly string[] {
  const first = keys?.[0];
  if (first === undefined || first.first !== 1) return ['NO_KEY'];
  if (first.last === 0) return [];
  if (first.step !== 1 && first.step !== 2) return [];
  return first.step === 1 ? ['ALL_KEYS'] : ['PAIRS'];
}
