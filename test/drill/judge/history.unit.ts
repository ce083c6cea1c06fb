/** Which writes are lost or doubled: each rule at its limits. */
import test from 'ava';

import {
  hasSweepingWrites,
  type HistoryVerdict,
  judgeHistory,
  writtenKeys,
} from '../../../src/drill/judge/history.js';
import type { WireCommand } from '../../../src/drill/judge/wire-log.js';
import { reply, type Reply } from '../../../src/resp/reply.js';

let clock = 0;

/** A command that was answered before the next is sent. */
function did(line: string, answer: Reply = reply.ok): WireCommand {
  return at(line, (clock += 1), (clock += 1), answer.type === 'error' ? 'error' : 'ok', answer);
}

/** A command whose connection was lost first. */
function lostReply(line: string): WireCommand {
  return at(line, (clock += 1), (clock += 1), 'unanswered', null);
}

function at(
  line: string,
  sentAt: number,
  settledAt: number | null,
  state: WireCommand['state'],
  answer: Reply | null,
): WireCommand {
  const args = line.split(' ');
  const name = args[0]!.toLowerCase();
  return { node: 'node-0', db: 0, name, args, sentAt, settledAt, state, reply: answer };
}

function judge(
  commands: readonly WireCommand[],
  left: Record<string, string | null | undefined>,
  counts: Record<string, number> = {},
): HistoryVerdict {
  const keys = writtenKeys(commands);
  return judgeHistory(
    keys,
    keys.map(({ key }) => left[key]),
    new Map(Object.entries(counts)),
  );
}

const sum = (all: HistoryVerdict['lost']): number => all.reduce((n, { count }) => n + count, 0);

test('the last acknowledged value must be left, or a later one', (t) => {
  const writes = [did('SET a 1'), did('SET a 2')];
  t.is(sum(judge(writes, { a: '2' }).lost), 0);
  t.deepEqual(judge(writes, { a: '1' }).lost, [{ db: 0, key: 'a', command: 'SET a 2', count: 1 }]);
  t.is(sum(judge(writes, { a: null }).lost), 2);
  t.is(sum(judge(writes, { a: 'somebody else' }).lost), 2);
});

test('a write that was never answered may or may not be there', (t) => {
  const writes = [did('SET a 1'), lostReply('SET a 2')];
  t.is(sum(judge(writes, { a: '1' }).lost), 0);
  t.is(sum(judge(writes, { a: '2' }).lost), 0);
  // It may even come after one that was acknowledged later.
  t.is(sum(judge([...writes, did('SET a 3')], { a: '2' }).lost), 0);
  t.is(sum(judge([...writes, did('SET a 3')], { a: '1' }).lost), 1);
});

test('writes under way at the same time may end in either order', (t) => {
  const overlapping = [
    at('SET a 1', 10, 20, 'ok', reply.ok),
    at('SET a 2', 15, 25, 'ok', reply.ok),
  ];
  t.is(sum(judge(overlapping, { a: '1' }).lost), 0);
  t.is(sum(judge(overlapping, { a: '2' }).lost), 0);
  const touching = [at('SET a 1', 10, 20, 'ok', reply.ok), at('SET a 2', 21, 25, 'ok', reply.ok)];
  t.is(sum(judge(touching, { a: '1' }).lost), 1);
});

test('deletions, refusals and conditions count as what they did', (t) => {
  t.is(sum(judge([did('SET a 1'), did('DEL a')], { a: null }).lost), 0);
  t.is(sum(judge([did('SET a 1'), did('DEL a')], { a: '1' }).lost), 1);
  t.is(sum(judge([did('SET a 1'), did('SET a 2', reply.error('READONLY'))], { a: '1' }).lost), 0);
  t.is(sum(judge([did('SET a 1'), did('SET a 2 NX', reply.null)], { a: '1' }).lost), 0);
  t.is(sum(judge([did('SET a 1'), did('SETNX a 2', reply.integer(0))], { a: '1' }).lost), 0);
  t.is(sum(judge([did('MSET a 1 b 2')], { a: '1', b: null }).lost), 1);
});

test('a piece appended once must be there once', (t) => {
  const writes = [
    did('APPEND a 1;'),
    lostReply('APPEND a 2;'),
    did('APPEND a 2;'),
    did('APPEND a 12;'),
  ];
  t.is(sum(judge(writes, { a: '1;2;12;' }).lost), 0);
  t.is(sum(judge(writes, { a: '1;2;12;' }).duplicated), 0);
  t.deepEqual(judge(writes, { a: '1;2;2;12;' }).duplicated, [
    { db: 0, key: 'a', command: 'APPEND a 2;', count: 1 },
  ]);
  t.is(sum(judge(writes, { a: '1;12;' }).lost), 1);
  t.is(sum(judge(writes, { a: null }).lost), 3);
  // A piece that was acknowledged twice is no mark of one write.
  t.is(sum(judge([did('APPEND a x'), did('APPEND a x')], { a: 'xx' }).duplicated), 0);
});

test('a counter moves by what was acknowledged, and by no more than was asked for', (t) => {
  const writes = [
    did('INCR n', reply.integer(8)),
    lostReply('INCR n'),
    did('INCR n', reply.integer(10)),
  ];
  t.deepEqual(judge(writes, { n: '10' }).lost, []);
  t.deepEqual(judge(writes, { n: '10' }).duplicated, []);
  t.is(sum(judge(writes, { n: '10' }, { n: 2 }).duplicated), 1);
  t.is(sum(judge(writes, { n: '10' }, { n: 3 }).duplicated), 0);
  t.is(sum(judge(writes, { n: '8' }).lost), 1);
  t.is(sum(judge([did('DECRBY n 5', reply.integer(-5))], { n: null }).lost), 1);
});

test('what no rule fits is not judged, and said so', (t) => {
  const cases: WireCommand[][] = [
    [did('SET a 1'), did('INCR a', reply.integer(2))],
    [did('SET a 1 PX 100')],
    [did('EXPIRE a 10', reply.integer(1))],
    [lostReply('INCR a'), did('INCR a', reply.integer(2))],
    [did('SETBIT a 1 1', reply.integer(0))],
  ];
  for (const commands of cases) {
    const { unjudgedKeys, lost } = judge(commands, { a: null });
    t.deepEqual([unjudgedKeys, lost.length], [1, 0], commands[0]?.args.join(' '));
  }
  t.is(judge([did('SET a 1')], { a: undefined }).unjudgedKeys, 1);
  t.true(hasSweepingWrites([did('FLUSHALL')]));
  t.false(hasSweepingWrites([did('SET flushall 1')]));
});

test('reads and the connection’s own commands write nothing', (t) => {
  const lines = [
    'GET a',
    'HELLO 3',
    'CLIENT SETINFO lib-name x',
    'SELECT 1',
    'INFO replication',
    'PING',
  ];
  t.deepEqual(writtenKeys(lines.map((line) => did(line))), []);
});

test('keys of two databases are two keys', (t) => {
  const keys = writtenKeys([did('SET a 1'), { ...did('SET a 2'), db: 1 }]);
  t.deepEqual(
    keys.map(({ db, writes }) => [db, writes.length]),
    [
      [0, 1],
      [1, 1],
    ],
  );
});
