import test from 'ava';

import {
  type DataPosition,
  formatNote,
  newestOf,
  parseNote,
} from '../../src/persistence/data-position.js';

const A = 'a'.repeat(40);
const B = 'b'.repeat(40);

function at(replid: string, offset: number, writtenAtMs = 0, previous?: string): DataPosition {
  const continued = previous === undefined ? undefined : { replid: previous, before: 1 };
  return { history: { replid, offset, previous: continued }, writtenAtMs };
}

const NAMELESS: DataPosition = { history: null, writtenAtMs: 9 };

test('within one history the greater offset is newer; of equals the first', (t) => {
  t.is(newestOf([at(A, 5), at(A, 6), at(A, 6)]), 1);
  t.is(newestOf([at(A, 6, 1), at(A, 5, 2)]), 0, 'whenever the file was written');
});

test('a history that continues another is newer, whatever the offsets and times', (t) => {
  t.is(newestOf([at(A, 900, 2), at(B, 5, 1, A)]), 1);
  t.is(newestOf([at(B, 5, 1, A), at(A, 900, 2)]), 0);
});

test('of histories that know nothing of each other the file written last is newer', (t) => {
  t.is(newestOf([at(A, 900, 1), at(B, 5, 2)]), 1);
});

test('data without a position are older than all that have one, and newer than none', (t) => {
  t.is(newestOf([NAMELESS, at(A, 0)]), 1);
  t.is(newestOf([null, NAMELESS]), 1);
  t.is(newestOf([null, null]), -1);
});

test('a note is read back; another is no note of a position', (t) => {
  const full = { replid: A, offset: 12, previous: { replid: B, before: 7 } };
  t.deepEqual(parseNote(formatNote(full)), full);
  t.like(parseNote(formatNote({ replid: A, offset: 0 })), { replid: A, offset: 0 });
  for (const line of ['#TS:1700000000\r\n', `#REPL:${A}\r\n`, `#REPL:${A} -1\r\n`, '#REPL:x 1']) {
    t.is(parseNote(line), null);
  }
});
