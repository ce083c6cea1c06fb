import test from 'ava';

import { logLines } from '../../src/replication/log-lines.js';

const texts = (event: Parameters<typeof logLines>[0]) =>
  logLines(event).map(({ level, text }) => `${level}: ${text}`);

test('what happens is logged in the words that tools look for', (t) => {
  const master = '10.0.0.1:6379';
  t.deepEqual(texts({ type: 'full-resync', master, replid: 'a'.repeat(40), offset: 7 }), [
    `notice: Full resync from master: ${'a'.repeat(40)}:7`,
  ]);
  t.deepEqual(texts({ type: 'partial-resync', master, offset: 7 }), [
    'notice: Successful partial resynchronization with master.',
  ]);
  t.regex(
    texts({ type: 'link-down', master, reason: 'reset' })[0] ?? '',
    /^warning: Connection with master lost\./,
  );
  t.deepEqual(texts({ type: 'replica-online', replica: '10.0.0.2:6379', offset: 7 }), [
    'notice: Synchronization with replica 10.0.0.2:6379 succeeded',
  ]);
});

test('a silent replica is named, and what it was silent in', (t) => {
  const replica = '10.0.0.2:6379';
  const reason = 'Disconnecting timedout replica (full sync)';
  t.deepEqual(texts({ type: 'replica-dropped', replica, reason }), [
    'warning: Disconnecting timedout replica (full sync): 10.0.0.2:6379',
  ]);
});

test('words for the log alone are its lines', (t) => {
  t.deepEqual(texts({ type: 'log', level: 'verbose', text: 'FAILOVER' }), ['verbose: FAILOVER']);
  t.deepEqual(texts({ type: 'role-changed', role: 'master' }), []);
});
