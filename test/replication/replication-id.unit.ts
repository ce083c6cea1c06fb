import test from 'ava';
import { NO_REPLID, continueAs, newHistory } from '../../src/replication/replication-id.js';

const a = 'a'.repeat(40);
const b = 'b'.repeat(40);
const c = 'c'.repeat(40);

test('a new history continues none', (t) => {
  t.deepEqual(newHistory(a), { replid: a, replid2: NO_REPLID, secondReplOffset: -1 });
});

test('a history continued keeps its former name up to the byte a sibling may ask for', (t) => {
  const promoted = continueAs(newHistory(a), b, 50);
  t.deepEqual(promoted, { replid: b, replid2: a, secondReplOffset: 51 });
  t.deepEqual(continueAs(promoted, c, 70), { replid: c, replid2: b, secondReplOffset: 71 });
});

test('the same name changes nothing', (t) => {
  const ids = continueAs(newHistory(a), b, 50);
  t.is(continueAs(ids, b, 90), ids);
});
