/**
 * Every transcript happens again exactly as written.
 *
 * To write one, write its directives and run `TRANSCRIPTS=write npx ava dist/test/transcripts/`;
 * then read what was filled in as you would read code.
 */
import test from 'ava';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { replay } from './transcript.js';

const folder = new URL('../../../test/transcripts/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.txt'));

for (const file of files) {
  test(file.slice(0, -'.txt'.length), async (t) => {
    const url = new URL(file, folder);
    const written = readFileSync(url, 'utf8');
    const happened = await replay(written);
    if (process.env['TRANSCRIPTS'] === 'write') writeFileSync(url, happened);
    else t.is(happened, written);
    t.regex(happened, /\n----\n/);
  });
}

test('there are transcripts', (t) => {
  t.true(files.length > 0);
});
