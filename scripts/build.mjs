// Builds dist/: the data core and its readers (AssemblyScript to a .wasm each), and the TypeScript tree,
// side by side, since none depends on another's output. Then each actor's thread becomes one file: a
// cluster loads its code once per thread, and 150 modules take V8 and Node several times as long as one.
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
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
const threads = () =>
  run(bin('esbuild'), [
    'dist/actors/node.js',
    'dist/actors/sentinel-thread.js',
    '--outdir=dist/threads',
    '--bundle',
    '--platform=node',
    '--format=esm',
    '--packages=external',
    '--sourcemap',
    '--sources-content=false',
    '--log-level=warning',
  ]);
process.exitCode = Math.max(...codes) || (await threads());
