/** The examples of docs/drill.md, run as they stand there. */
import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import { parse } from 'yaml';

import { SCENARIOS } from '../src/drill/judge/catalogue.js';
import { parseScenario } from '../src/drill/judge/scenario.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(`${root}docs/drill.md`, 'utf8');

function example(language: string): string {
  const [, code = ''] = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page) ?? [];
  return code;
}

/** Inside the package, so that it is found under its own name. @returns stdout */
async function runExample(name: string, code: string, ...flags: string[]): Promise<string> {
  const file = `${root}dist/${name}.mjs`;
  writeFileSync(file, code);
  try {
    return (await run(process.execPath, [...flags, file])).stdout;
  } finally {
    rmSync(file);
  }
}

test('the first example finds the silent hang, and says what helps', async (t) => {
  const output = await runExample('docs-drill-1', example('js'));
  t.regex(output, /^freeze: SILENT HANG/);
  t.regex(output, /failoverDetector: true/);
});

test('the fixture passes under node:test', async (t) => {
  const output = await runExample('docs-drill-2', example('js node:test'), '--test');
  t.regex(output, /pass 1\b/);
  t.regex(output, /fail 0\b/);
});

test('the scenario of its own is one, and the table has all that there are', (t) => {
  t.is(parseScenario(parse(example('yaml'))).name, 'twice');
  const named = [...page.matchAll(/^\| `([a-z-]+)` \| /gm)].map(([, name]) => name);
  for (const name of SCENARIOS.keys()) t.true(named.includes(name), name);
});
