// Builds dist/: the bindings of the core's commands; then the data core (a release and a debug build) and
// its readers (AssemblyScript to a .wasm each), and the TypeScript tree, side by side, since none depends
// on another's output. Then what is run and published is bundled. What has not changed since the last
// build is not compiled again.
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { bundle, evaluate } from './bundle.mjs';
import { buildLua } from './lua-wasm.mjs';

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

/** Every file below a folder. */
function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

// A test that is gone must not run.
for (const file of filesBelow('dist/test')) {
  const source = file.slice('dist/'.length).replace(/(?:\.d\.ts|\.js\.map|\.js)$/, '.ts');
  if (!existsSync(source)) rmSync(file);
}
mkdirSync('dist/src/core', { recursive: true });
const assembly = 'src/core/assembly';

// What the core knows of its commands comes from their specs.
const { coreBindings, standardCommands } = await evaluate(`
  export { coreBindings } from './src/core/bindings.ts';
  export { standardCommands } from './src/commands/index.ts';`);
const bindings = coreBindings(standardCommands);
const bindingsFile = `${assembly}/commands/bindings.ts`;
if (!existsSync(bindingsFile) || readFileSync(bindingsFile, 'utf8') !== bindings)
  writeFileSync(bindingsFile, bindings);

const compilerInputs = [...filesBelow(assembly), ...filesBelow('scripts'), 'package-lock.json'];
const newestInputMs = Math.max(...compilerInputs.map((file) => statSync(file).mtimeMs));

/** Whether a module of the core is newer than all that it is made of. */
const isFresh = (output) => existsSync(output) && statSync(output).mtimeMs > newestInputMs;

/** Compiles a module of the core, unless it is fresh. */
async function asc(entry, config, output, target = 'release', options = []) {
  if (isFresh(output)) return 0;
  return run(bin('asc'), [
    entry,
    '--config',
    config,
    '--transform',
    './scripts/inline-transform.mjs',
    '--target',
    target,
    ...options,
  ]);
}

/**
 * Limits of what is inlined are a function's bytes: of any one, one without calls, one that is called
 * from one place alone. Higher ones give no more, and larger code.
 */
const OPTIMIZING = [
  '--enable-threads',
  '--enable-simd',
  '--enable-bulk-memory',
  '--enable-mutable-globals',
  '--enable-sign-ext',
  '--enable-nontrapping-float-to-int',
  '-O3',
  '--always-inline-max-function-size=100',
  '--flexible-inline-max-function-size=200',
  '--one-caller-inline-max-function-size=600',
];

/**
 * Compiles the release of the core, and inlines more of its calls than the compiler does: V8 inlines
 * none itself in Node 20.
 */
async function core(output) {
  if (isFresh(output)) return 0;
  const compiled = 'dist/core.compiled.wasm';
  const options = ['--outFile', compiled];
  const entry = `${assembly}/index.ts`;
  const code = await asc(entry, `${assembly}/asconfig.json`, compiled, 'release', options);
  if (code !== 0) return code;
  return run(bin('wasm-opt'), [compiled, ...OPTIMIZING, '--output', output]);
}

buildLua('dist/src/scripting/lua.wasm');
const codes = await Promise.all([
  core('dist/src/core/core.wasm'),
  asc(
    `${assembly}/index.ts`,
    `${assembly}/asconfig.json`,
    'dist/src/core/core.debug.wasm',
    'debug',
  ),
  asc(
    `${assembly}/reader/index.ts`,
    `${assembly}/reader/asconfig.json`,
    'dist/src/core/reader.wasm',
  ),
  run(bin('tsc'), ['-p', '.', '--incremental', '--tsBuildInfoFile', 'dist/tsconfig.tsbuildinfo']),
]);
if (Math.max(...codes) > 0) process.exit(1);
await bundle();
