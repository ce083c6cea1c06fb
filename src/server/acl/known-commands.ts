/** The commands that access rules can name: by name, and by category. */
import { aclCategories, CATEGORIES } from '../../commands/access/categories.js';
import { type CommandFacts, fullName, type ResolvedFacts } from '../../commands/facts.js';
import type { CommandDirectory } from '../../commands/node/directory.js';

export class KnownCommands {
  readonly #directory: CommandDirectory;
  /** Containers before their subcommands. */
  readonly all: readonly ResolvedFacts[];
  readonly #byCategory: ReadonlyMap<string, readonly CommandFacts[]>;

  constructor(directory: CommandDirectory) {
    this.#directory = directory;
    this.all = directory
      .all()
      .flatMap((spec) => [
        { spec },
        ...(spec.subcommands ?? []).map((subcommand) => ({ spec: subcommand, container: spec })),
      ]);
    const categorised = this.all.map(({ spec }) => ({ spec, categories: aclCategories(spec) }));
    this.#byCategory = new Map(
      CATEGORIES.map((category) => [
        category,
        categorised
          .filter(({ categories }) => categories.includes(category))
          .map(({ spec }) => spec),
      ]),
    );
  }

  /** @param name - `get`, `config|get`, in any case. */
  find(name: string): ResolvedFacts | null {
    return this.#directory.find(name);
  }

  /** @returns null: there is no such category. */
  inCategory(name: string): readonly CommandFacts[] | null {
    return this.#byCategory.get(name.toLowerCase()) ?? null;
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
