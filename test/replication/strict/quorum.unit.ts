import test from 'ava';
import {
  heldOffset,
  isAhead,
  NO_DATA,
  stepCandidacy,
} from '../../../src/replication/strict/quorum.js';

const place = (data: number, offset: number, index = 1) => ({ data, offset, index });

test('data of a higher ballot are ahead, however long the others; of equal ballots the longer', (t) => {
  t.true(isAhead(place(64, 10), place(0, 500)));
  t.false(isAhead(place(0, 500), place(64, 10)));
  t.true(isAhead(place(64, 11), place(64, 10)));
  t.false(isAhead(place(64, 10), place(64, 10)));
  t.true(isAhead(place(0, 0), place(NO_DATA, 500)));
});

test('a candidate waits until a majority has promised, itself counted', (t) => {
  const own = place(0, 100, 0);
  t.deepEqual(stepCandidacy(own, true, [], 1), { state: 'wait' });
  t.deepEqual(stepCandidacy(own, true, [place(0, 100)], 1), { state: 'established' });
  t.deepEqual(stepCandidacy(own, true, [place(0, 90)], 2), { state: 'wait' });
  t.deepEqual(stepCandidacy(own, true, [place(0, 90, 1), place(0, 80, 2)], 2), {
    state: 'established',
  });
});

test('who has lost its data counts for nothing, the candidate neither', (t) => {
  t.deepEqual(stepCandidacy(place(0, 100, 0), true, [place(NO_DATA, 500)], 1), { state: 'wait' });
  const [one, other] = [place(0, 100, 1), place(0, 90, 2)];
  t.deepEqual(stepCandidacy(place(NO_DATA, 0, 0), false, [one], 1), { state: 'wait' });
  t.deepEqual(stepCandidacy(place(NO_DATA, 0, 0), false, [one, other], 1), {
    state: 'catch-up',
    from: one,
  });
});

test('what the newest joiner has more comes first', (t) => {
  const [long, newer] = [place(0, 900, 1), place(64, 200, 2)];
  t.deepEqual(stepCandidacy(place(0, 100, 0), true, [long, newer], 2), {
    state: 'catch-up',
    from: newer,
  });
});

test('the offset that enough replicas have reached', (t) => {
  t.is(heldOffset([10, 30, 20], 1), 30);
  t.is(heldOffset([10, 30, 20], 2), 20);
  t.is(heldOffset([10, 30, 20], 3), 10);
  t.is(heldOffset([10], 2), -1);
});
