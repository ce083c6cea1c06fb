/** The README's examples, run as they stand there. */
import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { EXIT_CODES } from '../src/cli/exit-code.js';
import { backlogCommand } from '../src/cli/backlog.js';
import { benchCommand } from '../src/cli/bench.js';
import { drillCommand } from '../src/cli/drill.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
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

test('the cache of the first screen is computed and read, and ends', async (t) => {
  const [example] = blocks('Four uses', 'js');
  const { stdout } = await run(process.execPath, [exampleFile(t, 'readme-cache', example!)]);
  t.is(stdout, "{ name: 'Ada' } { name: 'Ada' }\n");
});

test('the commands of the first screen are commands, and their options exist', (t) => {
  const commands = new Map(
    [benchCommand(), backlogCommand(), drillCommand()].map((command) => [command.name(), command]),
  );
  const lines = blocks('Four uses', 'sh').map((line) => line.split(' ').slice(2));
  t.is(lines.length, 3);
  for (const [name = '', ...words] of lines) {
    const known = commands.get(name)?.options.map(({ long }) => long) ?? [];
    for (const word of words) {
      if (word === '--') break;
      if (word.startsWith('--')) t.true(known.includes(word), `${name} ${word}`);
    }
  }
});

test('the exit codes are those of the command line', (t) => {
  const [table = ''] = /^\| exit code \|[\s\S]*?(?=\n\n)/m.exec(readme) ?? [];
  const rows = table.split('\n').slice(2);
  t.deepEqual(
    rows,
    Object.values(EXIT_CODES).map(({ code, means }) => `| ${code} | ${means} |`),
  );
});
