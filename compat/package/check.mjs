/**
 * The packed tarball in a project of its own, outside this repository: the documents' examples compile
 * there as TypeScript, with the compiler of JavaScript (5.9) and the native one (7); publint and
 * arethetypeswrong find nothing (ESM only, which Node 20.19 can require()); it installs without a
 * warning, and it runs.
 *
 * Run: npm run package (after npm run build). It installs what its package.json names, in a folder that
 * it removes.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { writeExamples } from '../../dist/test/docs/examples.js';
import { TYPES } from '../../dist/test/docs/types-sample.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));
const project = mkdtempSync(path.join(tmpdir(), 'ringleader-package-'));
let failures = 0;

/** Runs a program in the project. */
function run(file, args, cwd = project) {
  const shell = process.platform === 'win32';
  return execFileSync(file, args, { cwd, encoding: 'utf8', stdio: 'pipe', shell });
}

function check(what, file, args, expected) {
  try {
    const said = run(file, args);
    if (expected !== undefined && said.trim() !== expected) throw new Error(`it says ${said}`);
    console.log(`✔ ${what}`);
  } catch (error) {
    failures += 1;
    console.log(`✘ ${what}\n${error.stdout ?? ''}${error.stderr ?? error.message}`);
  }
}

/** What npm says on stderr when the tarball is installed where nothing else is: nothing. */
function checkInstalling(tarball) {
  const empty = path.join(project, 'empty');
  mkdirSync(empty);
  const args = ['install', '--no-audit', '--no-fund', '--prefer-offline', tarball];
  const shell = process.platform === 'win32';
  const { status, stderr } = spawnSync('npm', args, { cwd: empty, encoding: 'utf8', shell });
  const isQuiet = status === 0 && stderr.trim() === '';
  if (!isQuiet) failures += 1;
  console.log(isQuiet ? '✔ it installs without a warning' : `✘ installing says\n${stderr}`);
}

const PROGRAM = `
  const { Cluster } = await import('ringleader');
  const cluster = await Cluster.start({ replicas: 1, sentinels: 1 });
  const cache = await cluster.cache({ codec: 'json' });
  console.log(await cache.wrap('a', '1m', () => 42));
  await cluster.stop();
`;

try {
  const packed = run('npm', ['pack', '--silent', '--json', '--pack-destination', project], root);
  const tarball = path.join(project, JSON.parse(packed)[0].filename);
  checkInstalling(tarball);
  for (const name of ['package.json', 'package-lock.json']) {
    cpSync(path.join(here, name), path.join(project, name));
  }
  run('npm', ['ci', '--ignore-scripts', '--prefer-offline']);
  run('npm', ['install', '--no-save', '--ignore-scripts', '--prefer-offline', tarball]);
  const count = writeExamples(root, path.join(project, 'examples'), { 'types.mts': TYPES });
  const module = (name) => path.join(project, 'node_modules', name);
  for (const compiler of ['typescript5', 'typescript']) {
    const tsc = path.join(module(compiler), 'bin/tsc');
    const [, version] = run(process.execPath, [tsc, '--version']).trim().split(' ');
    check(`${count} examples compile with TypeScript ${version}`, process.execPath, [
      tsc,
      '-p',
      'examples',
    ]);
  }
  check('publint', process.execPath, [
    path.join(module('publint'), 'src/cli.js'),
    tarball,
    '--strict',
  ]);
  const attw = path.join(module('@arethetypeswrong/cli'), 'dist/index.js');
  check('arethetypeswrong', process.execPath, [attw, tarball, '--profile', 'esm-only']);
  check('it runs', process.execPath, ['--input-type=module', '-e', PROGRAM], '42');
  check(
    'require() has it',
    process.execPath,
    ['-p', "typeof require('ringleader').Cluster"],
    'function',
  );
} finally {
  rmSync(project, { recursive: true, force: true });
}
process.exitCode = failures === 0 ? 0 : 1;
