/**
 * What the documents show compiles, as TypeScript, against the package's own types; and the
 * compiler refuses what the package refuses. From the packed tarball, with more compilers:
 * compat/package.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';

import { writeExamples } from './examples.js';
import { TYPES } from './types-sample.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));

test("README's and docs' examples compile, and types are what they are said to be", async (t) => {
  // Within the package, whose own name leads to it.
  const folder = `${root}dist/docs-types`;
  const count = writeExamples(root, folder, {
    'types.mts': TYPES,
    // Only compat/ has it.
    'cache-manager.d.ts': "declare module 'cache-manager';",
  });
  t.true(count >= 8);
  const tsc = `${root}node_modules/typescript/bin/tsc`;
  const failed = await run(process.execPath, [tsc, '-p', folder]).then(
    () => '',
    ({ stdout }: { stdout: string }) => stdout,
  );
  t.is(failed, '');
});
