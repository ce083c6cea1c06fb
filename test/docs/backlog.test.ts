/** The example of docs/backlog.md, run as it stands there. */
import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));

test('the library sizes a backlog and replays outages against it', async (t) => {
  const [, example] =
    /```js\n([\s\S]*?)```/.exec(readFileSync(`${root}docs/backlog.md`, 'utf8')) ?? [];
  t.truthy(example);
  // Inside the package, so that it is found under its own name.
  const file = `${root}dist/backlog-example.mjs`;
  writeFileSync(file, example!);
  t.teardown(() => rmSync(file));
  const { stdout } = await run(process.execPath, [file]);
  const lines = stdout.trim().split('\n');
  t.regex(lines[0]!, /^repl-backlog-size \d+[mg]b$/);
  t.true(Number(lines[1]) > 0.2, 'rate × time is far too little');
  t.true(lines.length >= 6);
  for (const line of lines.slice(2)) t.regex(line, /^0\.\d{3} [\d.]+ (true|false)$/);
});
