/** The package as npm would publish it, unpacked in an empty project. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The repository's root. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

export interface PackedProject {
  /** An empty project's folder, with the package in its node_modules. */
  readonly folder: string;
  /** The package there. */
  readonly installed: string;
  /** Paths in the package, with forward slashes. */
  readonly files: readonly string[];
  /** Bytes of all its files. */
  readonly unpackedSize: number;
  remove(): void;
}

export interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly bundleDependencies?: readonly string[];
  readonly scripts?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, { readonly types: string; readonly default: string }>>;
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
}

/**
 * Pack what has been built, and put it where an application would have it. Dependencies that the
 * package does not bring are those of the repository, linked: no registry is asked.
 */
export async function packedProject(): Promise<PackedProject> {
  const folder = mkdtempSync(path.join(tmpdir(), 'ringleader-packed-'));
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  // Without scripts: the build is here, and prepare would remove the running tests.
  const packing = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const { stdout } = await run(npm, packing, {
    cwd: ROOT,
    shell: process.platform === 'win32',
    maxBuffer: 2 ** 26,
  });
  const report: unknown = JSON.parse(stdout);
  const [packed] = Array.isArray(report) ? report : Object.values(Object(report));
  const modules = path.join(folder, 'node_modules');
  mkdirSync(modules);
  await run('tar', ['xzf', packed.filename], { cwd: folder });
  rmSync(path.join(folder, packed.filename));
  const installed = path.join(modules, 'ringleader');
  renameSync(path.join(folder, 'package'), installed);
  const { dependencies = {}, bundleDependencies = [] } = readManifest(installed);
  for (const name of Object.keys(dependencies)) {
    if (bundleDependencies.includes(name)) continue;
    symlinkSync(path.join(ROOT, 'node_modules', name), path.join(modules, name), 'junction');
  }
  const files: string[] = packed.files.map((file: { readonly path: string }) => file.path);
  return {
    folder,
    installed,
    files,
    unpackedSize: packed.unpackedSize,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
