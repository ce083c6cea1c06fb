/** docs/api.md is what the sources say, and they say something of every option. */
import test from 'ava';
import { readFileSync } from 'node:fs';

import { ROOT } from '../support/packed.js';

const page = readFileSync(`${ROOT}docs/api.md`, 'utf8');
const index = readFileSync(`${ROOT}src/index.ts`, 'utf8');

test('the page is made from the sources as they are: npm run api', async (t) => {
  // The generator is no part of what is compiled.
  const { apiPage }: { readonly apiPage: () => string } = await import(
    `${ROOT}scripts/api-page.mjs`
  );
  t.true(page === apiPage(), 'docs/api.md is behind the sources: npm run api, and commit it');
});

test('every export of the package has its section', (t) => {
  const names = [...index.matchAll(/^export (?:type )?\{([^}]+)\}/gm)]
    .flatMap(([, list]) => list!.split(','))
    .map((name) =>
      name
        .trim()
        .replace(/^type /, '')
        .split(' as ')
        .at(-1)!,
    );
  t.true(names.length > 40);
  for (const name of names.filter((each) => each !== '')) {
    t.true(page.includes(`\n### \`${name}\`\n`), name);
  }
});

test('every option is described', (t) => {
  const sections = page.split(/^### /m).slice(1);
  const options = sections.filter((section) => /^`\w*(?:Options|Run)`/.test(section));
  t.true(options.length > 8);
  for (const section of options) {
    const [name] = section.split('\n');
    const rows = section.split('\n').filter((line) => line.startsWith('| `'));
    for (const row of rows) t.notRegex(row, /\| +\|$/, `${name}: ${row}`);
  }
});
