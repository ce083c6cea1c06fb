/** What becomes an entry of the log of elections, and what is only repeated. */
import test from 'ava';

import { ElectionLog, LOG_CAPACITY } from '../../src/coordinator/election-log.js';
import type { Conversation } from '../../src/coordinator/frames.js';
import { electionText } from '../../src/coordinator/election-text.js';

const A = 'a'.repeat(40);
const B = 'b'.repeat(40);
const address = { host: '127.0.0.1', port: 6379 };

function question(runid: string, epoch: number, candidate: string | null): Conversation {
  return { type: 'question', runid, question: { master: 'm', address, epoch, candidate } };
}

function answer(runid: string, down: boolean, leader: string | null, epoch = 0): Conversation {
  return { type: 'answer', runid, answer: { master: 'm', down, leader, leaderEpoch: epoch } };
}

test('an election is told once, however often its messages are repeated', (t) => {
  const log = new ElectionLog();
  for (let round = 0; round < 3; round++) {
    log.note('sentinel-0', question(A, 4, null), 1);
    log.note('sentinel-1', answer(B, false, null), 2);
    log.note('sentinel-1', answer(B, true, null), 3);
    log.note('sentinel-0', question(A, 5, A), 4);
    log.note('sentinel-1', answer(B, true, A, 5), 5);
    log.note('sentinel-0', { type: 'elected', runid: A, master: 'm', epoch: 5 }, 6);
    if (round === 0) {
      t.deepEqual(log.entries().map(electionText), [
        'sentinel-0 believes that m is down',
        'sentinel-1 believes that m is down',
        'sentinel-0 asks for votes to fail m over, epoch 5',
        'sentinel-1 votes for sentinel-0, epoch 5',
        'sentinel-0 is elected to fail m over, epoch 5',
      ]);
    }
  }
  // In the later rounds only the second sentinel's opinion changes, twice each.
  const rest = log.entries().slice(5);
  t.deepEqual(
    rest.map(({ type }) => type),
    Array.from({ length: 4 }, () => 'opinion'),
  );
  t.deepEqual(
    log.entries().map(({ number }) => number),
    [1, 2, 3, 4, 5, 6, 7, 8, 9],
  );
});

test('a vote for a sentinel that no frame has named is told by its run id', (t) => {
  const log = new ElectionLog();
  const [, vote] = log.note('sentinel-1', answer(B, true, A, 7), 1);
  t.like(vote, { type: 'vote', leader: A, epoch: 7 });
});

test('a later epoch is a new candidacy and a new vote', (t) => {
  const log = new ElectionLog();
  for (const epoch of [5, 6]) {
    log.note('sentinel-0', question(A, epoch, A), 1);
    log.note('sentinel-1', answer(B, true, A, epoch), 2);
  }
  const told = log.entries().filter(({ type }) => type !== 'opinion');
  t.deepEqual(
    told.map((entry) => [entry.type, 'epoch' in entry && entry.epoch]),
    [
      ['candidate', 5],
      ['vote', 5],
      ['candidate', 6],
      ['vote', 6],
    ],
  );
});

test('the log is bounded, and its numbers go on', (t) => {
  const log = new ElectionLog();
  for (let epoch = 1; epoch <= LOG_CAPACITY + 10; epoch++) {
    log.note('sentinel-0', question(A, epoch, A), epoch);
  }
  t.is(log.entries().length, LOG_CAPACITY);
  t.is(log.entries().at(-1)?.number, LOG_CAPACITY + 11);
});
