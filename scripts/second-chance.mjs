/**
 * Runs a command that runs tests: `node scripts/second-chance.mjs COMMAND ARGS…`.
 *
 * The tests work in real time with real threads, on machines that others share. So the files whose tests
 * fail are run once more, one at a time; where what failed is not a test (a build, a crash of a test's
 * process), the whole command is. What failed at first stays in the log.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';

const AVA = 'node_modules/ava/entrypoints/cli.mjs';
const TESTS = 'dist/test';

/** @returns its exit code (1 for a signal), and what it printed. */
async function run(command, args) {
  const child = spawn(command, args, { stdio: ['inherit', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    process.stdout.write(text);
    output += text;
  });
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code: code ?? 1, output };
}

const testFiles = existsSync(TESTS)
  ? readdirSync(TESTS, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.test.js'),
    )
  : [];

/**
 * The file of a test, by its name in a report: `folder › file › title`, without the folders that all the
 * files of the run are in. null: it is not clear which.
 */
function fileOf(name) {
  const parts = name.split(' › ');
  for (let count = parts.length - 1; count > 0; count -= 1) {
    const tail = `/${parts.slice(0, count).join('/')}.test.js`;
    const [file, ...others] = testFiles.filter((each) => `/${each}`.endsWith(tail));
    if (file !== undefined) return others.length === 0 ? `${TESTS}/${file}` : null;
  }
  return null;
}

/** The files whose tests failed; null where something else failed too. */
function failedFiles(output) {
  if (
    /^ +✘ (?!\[fail\]: )/mu.test(output) ||
    /^ +(?:Uncaught exception|Unhandled rejection) in /mu.test(output)
  )
    return null;
  const names = [...output.matchAll(/^ +✘ \[fail\]: (.*?)(?: \([\d.]+m?s\))?$/gmu)];
  const files = names.map(([, name]) => fileOf(name));
  return files.length === 0 || files.includes(null) ? null : [...new Set(files)];
}

const [command, ...args] = process.argv.slice(2);
const first = await run(command, args);
if (first.code === 0) process.exit(0);
const files = failedFiles(first.output);
console.log(`== Something failed: once more ${files?.join(' ') ?? 'all of it'}`);
const second =
  files === null ? await run(command, args) : await run('node', [AVA, '--concurrency=1', ...files]);
process.exit(second.code);
