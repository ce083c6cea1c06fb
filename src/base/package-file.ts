/**
 * Files of this package that are loaded by their path: threads' entries, WebAssembly, plots'
 * scripts.
 *
 * A path beside the importing module would do until an application is bundled: then the
 * module lies in the bundle, and what was beside it does not. So the package's root is looked for:
 * above this module, as long as it lies in the package, else as Node finds an installed package
 * from the bundle, from the program's file, or from the working directory.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { RingleaderError } from './errors.js';

const NAME = 'ringleader';

let root: URL | null = null;

/**
 * @param name - from the package's root, with forward slashes: `dist/threads/node.js`.
 * @throws RingleaderError CONFIG_INVALID: the package is nowhere to be found.
 */
export function packageFile(name: string): URL {
  root ??= pathToFileURL(findRoot(startingPoints()) + path.sep);
  return new URL(name, root);
}

/**
 * @param from - files or folders to look from, the most trusted first.
 * @returns the folder of this package.
 * @throws RingleaderError CONFIG_INVALID
 */
export function findRoot(from: readonly string[]): string {
  const found = from[0] === undefined ? null : above(from[0]);
  if (found !== null) return found;
  for (const file of from) {
    try {
      return path.dirname(createRequire(file).resolve(`${NAME}/package.json`));
    } catch {
      // Not installed where that file could import it.
    }
  }
  throw new RingleaderError(
    'CONFIG_INVALID',
    `the files of ${NAME}'s threads were not found from ${[...new Set(from)].join(', ')}: a bundled application ` +
      `needs the package installed beside it (npm install ${NAME}), or a copy of it in node_modules`,
  );
}

/** The package that a module lies in, if it is this one. */
function above(file: string): string | null {
  let folder = path.dirname(file);
  while (!existsSync(path.join(folder, 'package.json'))) {
    const parent = path.dirname(folder);
    if (parent === folder) return null;
    folder = parent;
  }
  const manifest: unknown = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  return Object(manifest)['name'] === NAME ? folder : null;
}

function startingPoints(): string[] {
  // A bundle in CommonJS has no import.meta.url.
  const here: string | undefined = import.meta.url;
  const isFile = here?.startsWith('file:') ?? false;
  const program = process.argv[1];
  return [
    ...(isFile ? [fileURLToPath(here)] : []),
    ...(program === undefined ? [] : [path.resolve(program)]),
    path.join(process.cwd(), 'package.json'),
  ];
}
