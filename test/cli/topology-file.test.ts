import test from 'ava';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { readTopologyFile } from '../../src/cli/topology-file.js';

const folder = mkdtempSync(path.join(tmpdir(), 'ringleader-'));
test.after.always(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const target = path.join(folder, name);
  writeFileSync(target, text);
  return target;
}

test('a file of comments is a topology of defaults', (t) => {
  t.deepEqual(readTopologyFile(file('empty.yaml', '# nothing\n')), {});
});

test('a file that is no mapping, no YAML or not there is named', (t) => {
  const code = 'CONFIG_INVALID';
  t.throws(() => readTopologyFile(file('list.yaml', '- 1\n')), {
    code,
    message: /list.yaml: a topo/,
  });
  t.throws(() => readTopologyFile(file('bad.yaml', 'a: [1\n')), { code, message: /bad.yaml: / });
  t.throws(() => readTopologyFile('/no/such.yaml'), {
    code,
    message: /such.yaml: No such file or directory$/,
  });
  t.throws(() => readTopologyFile(''), { code, message: /^cannot use a file without a name: No/ });
});
