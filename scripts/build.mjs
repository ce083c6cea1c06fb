// Builds dist/: the data core and its readers (AssemblyScript to a .wasm each), and the TypeScript tree,
// side by side, since none depends on another's output. Then what is run and published is bundled.
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { bundle } from './bundle.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
const bin = (name) => `${root}node_modules/.bin/${name}`;

/** Runs one compiler; resolves to its exit code. */
function run(command, args) {
  return new Promise((resolve) => {
    spawn(command, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
      .on('error', () => resolve(1))
      .on('exit', (code) => resolve(code ?? 1));
  });
}

// A test that is gone must not run.
rmSync(`${root}dist/test`, { recursive: true, force: true });
mkdirSync(`${root}dist/src/core`, { recursive: true });
const asc = (entry, config) =>
  run(bin('asc'), [
    entry,
    '--config',
    config,
    '--transform',
    './scripts/inline-transform.mjs',
    '--target',
    'release',
  ]);
const assembly = 'src/core/assembly';
const codes = await Promise.all([
  asc(`${assembly}/index.ts`, `${assembly}/asconfig.json`),
  asc(`${assembly}/reader/index.ts`, `${assembly}/reader/asconfig.json`),
  run(bin('tsc'), ['-p', '.']),
]);
if (Math.max(...codes) > 0) process.exit(1);
await bundle();
