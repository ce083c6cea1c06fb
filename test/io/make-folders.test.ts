import test from 'ava';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { makeFolders } from '../../src/io/make-folders.js';

const root = mkdtempSync(path.join(tmpdir(), 'ringleader-folders-'));
test.after.always(() => rmSync(root, { recursive: true }));

test('all that are missing are made, and none twice', (t) => {
  const folder = path.join(root, 'a', 'b', 'c');
  makeFolders(folder);
  makeFolders(folder);
  t.true(statSync(folder).isDirectory());
});

test('a file in the way is an error', (t) => {
  const file = path.join(root, 'file');
  writeFileSync(file, '');
  t.throws(() => makeFolders(file), { code: 'EEXIST' });
  t.throws(() => makeFolders(path.join(file, 'below')), { code: 'ENOTDIR' });
});

const testWithProc = process.platform === 'linux' ? test : test.skip;

// Node's own mkdir does not come back from there.
testWithProc('where nothing can be made, that is an error as well', (t) => {
  t.throws(() => makeFolders('/proc/none/below'), { code: 'ENOENT' });
});
