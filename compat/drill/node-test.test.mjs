/** The fixture under node:test: the example of docs/drill.md, as it stands there. */
import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

test('the fixture passes under node:test', async () => {
  const page = readFileSync(`${root}docs/drill.md`, 'utf8');
  const [, code = ''] = /```js node:test\n([\s\S]*?)```/.exec(page) ?? [];
  const file = `${root}dist/docs-drill-2.mjs`; // Inside the package, which it imports by name.
  writeFileSync(file, code);
  onTestFinished(() => rmSync(file));
  const { stdout } = await promisify(execFile)(process.execPath, ['--test', file]);
  expect(stdout).toMatch(/pass 1\b/);
  expect(stdout).toMatch(/fail 0\b/);
}, 20_000);
