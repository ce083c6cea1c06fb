// Builds dist/: the data core (AssemblyScript to one .wasm) and the TypeScript tree.
// The two do not depend on each other's output, so they run side by side.
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name) => `${root}node_modules/.bin/${name}`;

/** Runs one compiler; resolves to its exit code. */
function run(command, args) {
  return new Promise((resolve) => {
    spawn(command, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
      .on('error', () => resolve(1))
      .on('exit', (code) => resolve(code ?? 1));
  });
}

mkdirSync(`${root}dist/src/core`, { recursive: true });
const codes = await Promise.all([
  run(bin('asc'), [
    'src/core/assembly/index.ts',
    '--config',
    'src/core/assembly/asconfig.json',
    '--transform',
    './scripts/inline-transform.mjs',
    '--target',
    'release',
  ]),
  run(bin('tsc'), ['-p', '.']),
]);
process.exitCode = Math.max(...codes);
