/** The commands that access rules can name: by name, and by category. */
import { aclCategories, CATEGORIES } from '../../commands/access/categories.js';
import { type CommandFacts, fullName, type ResolvedFacts } from '../../commands/facts.js';
import type { CommandDirectory } from '../../commands/node/directory.js';

export class KnownCommands {
  readonly #directory: CommandDirectory;
  /** Containers before their subcommands. */
  readonly all: readonly ResolvedFacts[];
  /** Those that were asked for: a node without users' rules needs none. */
  readonly #byCategory = new Map<string, readonly CommandFacts[]>();

  constructor(directory: CommandDirectory) {
    this.#directory = directory;
    this.all = directory
      .all()
      .flatMap((spec) => [
        { spec },
        ...(spec.subcommands ?? []).map((subcommand) => ({ spec: subcommand, container: spec })),
      ]);
  }

  /** @param name - `get`, `config|get`, in any case. */
  find(name: string): ResolvedFacts | null {
    return this.#directory.find(name);
  }

  /** @returns null: there is no such category. */
  inCategory(name: string): readonly CommandFacts[] | null {
    const category = CATEGORIES.find((each) => each === name.toLowerCase());
    if (category === undefined) return null;
    const known = this.#byCategory.get(category);
    if (known !== undefined) return known;
    const found = this.all
      .map(({ spec }) => spec)
      .filter((spec) => aclCategories(spec).includes(category));
    this.#byCategory.set(category, found);
    return found;
  }

  /** @returns names as ACL CAT has them, or null: there is no such category. */
  namesInCategory(category: string): string[] | null {
    const specs = this.inCategory(category);
    if (specs === null) return null;
    const wanted = new Set(specs);
    return this.all
      .filter(({ spec }) => wanted.has(spec))
      .map(({ spec, container }) => fullName(spec, container));
  }
}
