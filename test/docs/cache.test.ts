/** The example of docs/cache.md, run as it stands there. */
import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));

test('a worker reads and writes on while a node dies', async (t) => {
  const [, example] =
    /```js\n([\s\S]*?)```/.exec(readFileSync(`${root}docs/cache.md`, 'utf8')) ?? [];
  t.truthy(example);
  const file = `${root}dist/docs-cache-example.mjs`;
  writeFileSync(file, example!);
  t.teardown(() => rmSync(file));
  const { stdout } = await run(process.execPath, [file]);
  t.deepEqual(stdout.trim().split('\n'), ["{ name: 'Ada' }", '42']);
});
