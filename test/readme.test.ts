/** The README's example, run as it stands there. */
import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));

test('the example of the first screen fails over and loses nothing', async (t) => {
  const [, example] = /```js\n([\s\S]*?)```/.exec(readFileSync(`${root}README.md`, 'utf8')) ?? [];
  t.truthy(example);
  t.true(example!.trim().split('\n').length <= 10);
  // Inside the package, so that it is found under its own name.
  const file = `${root}dist/readme-example.mjs`;
  writeFileSync(file, example!);
  t.teardown(() => rmSync(file));
  const { stdout } = await run(process.execPath, [file]);
  t.regex(stdout, /^node-0 → node-[12]$/m);
  t.regex(stdout, /^hello$/m);
});
