/** The README's examples, run as they stand there. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { until } from './support/until.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const cli = `${root}dist/src/cli/main.js`;
const readme = readFileSync(`${root}README.md`, 'utf8');

/** The blocks of a section, in order. */
function blocks(section: string, language: string): string[] {
  const [, text = ''] = new RegExp(`^## ${section}\\n([\\s\\S]*?)(?=^## )`, 'm').exec(readme) ?? [];
  const pattern = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g');
  return [...text.matchAll(pattern)].map(([, block]) => block!.trim());
}

/** Write an example inside the package, so that it is found under its own name. */
function exampleFile(t: ExecutionContext, name: string, example: string): string {
  const file = `${root}dist/${name}.mjs`;
  writeFileSync(file, example);
  t.teardown(() => rmSync(file));
  return file;
}

test('the example of a cluster fails over and loses nothing', async (t) => {
  const [example] = blocks('A cluster in your process', 'js');
  t.true(example!.split('\n').length <= 10);
  const { stdout } = await run(process.execPath, [exampleFile(t, 'readme-cluster', example!)]);
  t.regex(stdout, /^node-0 → node-[12]$/m);
  t.regex(stdout, /^hello$/m);
});

test('the four uses take five lines each at most', (t) => {
  const uses = [...blocks('Four uses', 'sh'), ...blocks('Four uses', 'js')];
  t.is(uses.length, 4);
  for (const use of uses) t.true(use.split('\n').length <= 5, use);
});

test('the cache of the first screen is read and computed', async (t) => {
  const [example] = blocks('Four uses', 'js');
  const file = exampleFile(t, 'readme-cache', example!);
  const app: ChildProcess = spawn(process.execPath, [file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.teardown(() => app.kill('SIGKILL')); // An application goes on.
  let said = '';
  app.stdout!.on('data', (bytes: Buffer) => (said += String(bytes)));
  await until(() => said === 'Ada 42\n');
  t.pass();
});

test('the commands of the first screen are commands, and their options exist', async (t) => {
  const commands = blocks('Four uses', 'sh').map((line) => line.split(' ').slice(2));
  t.deepEqual(
    commands.map(([name]) => name),
    ['bench', 'backlog', 'drill'],
  );
  for (const [name, ...options] of commands) {
    const { stdout } = await run(process.execPath, [cli, name!, '--help']);
    for (const option of options) {
      if (option === '--') break;
      if (option.startsWith('--')) t.regex(stdout, new RegExp(`${option}\\b`), `${name} ${option}`);
    }
  }
});
