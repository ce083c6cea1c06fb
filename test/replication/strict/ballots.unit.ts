import test from 'ava';
import { ballotMemory } from '../../../src/base/ballot-memory.js';
import { Ballots } from '../../../src/replication/strict/ballots.js';
import { HeldWaits } from '../../../src/replication/strict/held-waits.js';
import { markOf, markText } from '../../../src/replication/strict/mark.js';
import { NO_DATA } from '../../../src/replication/strict/quorum.js';

test('a promise is not taken back, and outlives who gave it', (t) => {
  const memory = ballotMemory();
  const ballots = new Ballots(memory);
  ballots.promise(3, 130);
  ballots.promise(3, 67);
  t.is(new Ballots(memory).promised(3), 130);
  t.is(ballots.promised(2), 0);
});

test('there is one first master', (t) => {
  const memory = ballotMemory();
  t.true(new Ballots(memory).begin());
  t.false(new Ballots(memory).begin());
});

test('at first no node has data; what confirmed them is kept', (t) => {
  const ballots = new Ballots(ballotMemory());
  t.is(ballots.data(1), NO_DATA);
  ballots.setData(1, 0);
  t.is(ballots.data(1), 0);
  ballots.setData(1, NO_DATA);
  t.is(ballots.data(1), NO_DATA);
});

test('no two nodes have one ballot, and the next is higher than any', (t) => {
  t.is(Ballots.next(2, 0), 66);
  t.is(Ballots.next(1, 66), 129);
  t.is(Ballots.next(1, 66, 129), 193);
});

test('the mark says its ballot; another PING is none', (t) => {
  t.is(markOf(markText(193).map((word) => Buffer.from(word))), 193);
  t.is(markOf([Buffer.from('PING')]), null);
  t.is(markOf([Buffer.from('PING'), Buffer.from('strict-ballot:x')]), null);
  t.is(markOf([Buffer.from('ECHO'), Buffer.from('strict-ballot:1')]), null);
});

test('waits end in order, and those that begin in the midst of it too', (t) => {
  const waits = new HeldWaits();
  const told: string[] = [];
  waits.add(10, (isHeld) => {
    told.push(`10 ${isHeld}`);
    waits.add(30, (held) => told.push(`30 ${held}`));
  });
  waits.add(20, (isHeld) => told.push(`20 ${isHeld}`));
  waits.release(9);
  t.deepEqual(told, []);
  t.is(waits.next, 10);
  waits.release(25);
  t.deepEqual(told, ['10 true', '20 true']);
  t.is(waits.next, 30);
  waits.fail();
  t.deepEqual(told.at(-1), '30 false');
  t.true(waits.isEmpty);
  t.is(waits.next, -1);
});
