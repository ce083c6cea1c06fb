// Builds dist/: the data core and its readers (AssemblyScript to a .wasm each), and the TypeScript tree.
// None depends on another's output, so they run side by side.
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
process.exitCode = Math.max(...codes);
