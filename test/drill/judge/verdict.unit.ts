import test from 'ava';

import type { HistoryVerdict } from '../../../src/drill/judge/history.js';
import type { Operation } from '../../../src/drill/judge/operations.js';
import { renderVerdict, summarize } from '../../../src/drill/judge/report.js';
import { type DrillRecord, judge } from '../../../src/drill/judge/verdict.js';

const clean: HistoryVerdict = {
  lost: [],
  duplicated: [],
  judgedKeys: 1,
  unjudgedKeys: 0,
  acknowledgedWrites: 1,
};
const oneLost = [{ db: 0, key: 'k', command: 'SET k 1', count: 1 }];

const ok = (startedAt: number, settledAt: number): Operation => ({
  what: 'write',
  command: null,
  startedAt,
  settledAt,
  error: null,
});
const failed = (startedAt: number, settledAt: number, code = 'READONLY'): Operation => ({
  ...ok(startedAt, settledAt),
  error: { code, message: `${code} no` },
});
const hanging = (startedAt: number): Operation => ({ ...ok(startedAt, 0), settledAt: null });

/** The strike at 1000, the scenario's end at 1100, a budget of 500, slow from 250. */
function record(operations: readonly Operation[], more: Partial<DrillRecord> = {}): DrillRecord {
  return {
    scenario: 'kill',
    budgetMs: 500,
    slowMs: 250,
    struckAt: 1000,
    endedStepsAt: 1100,
    closedAt: 1600,
    operations: [ok(900, 910), ...operations],
    history: clean,
    events: [],
    clientEnd: null,
    library: '',
    askedSentinels: true,
    sentinelsSilent: false,
    unsupported: [],
    detection: 'event',
    settingMs: 500,
    masterKilledAt: null,
    ...more,
  };
}

const outcome = (operations: readonly Operation[], more: Partial<DrillRecord> = {}): string =>
  judge(record(operations, more)).outcome;

test('passed, slow and too late, at their limits', (t) => {
  t.is(outcome([ok(1100, 1350)]), 'passed');
  t.is(outcome([ok(1100, 1351)]), 'slow');
  t.is(outcome([ok(1100, 1600)]), 'slow');
  t.is(outcome([ok(1100, 1601)]), 'silent-hang');
});

test('a success counts from the end only if it was begun after it', (t) => {
  t.is(outcome([ok(1099, 1200)]), 'silent-hang');
  const { firstSuccessMs, recoveredMs } = judge(
    record([ok(999, 1001), ok(1000, 1005), ok(1100, 1130)]),
  );
  t.is(firstSuccessMs, 5);
  t.is(recoveredMs, 30);
});

test('no success and no error is a hang; with an error since the strike it is errors', (t) => {
  t.is(outcome([hanging(1000)]), 'silent-hang');
  t.is(outcome([failed(900, 950), hanging(1000)]), 'silent-hang');
  t.is(outcome([failed(990, 1000)]), 'errors');
  const clientEnd = { at: 1200, error: { code: 'CLIENT_ENDED', message: 'it threw' } };
  t.is(outcome([], { clientEnd }), 'errors');
  t.is(judge(record([hanging(1050)])).pendingMs, 550);
});

test('errors on the way to a recovery do not spoil it, and are counted by phase and code', (t) => {
  const verdict = judge(
    record([
      failed(950, 960),
      failed(1000, 1001),
      failed(1002, 1003),
      ok(1100, 1200),
      failed(1300, 1301),
    ]),
  );
  t.is(verdict.outcome, 'passed');
  t.deepEqual(
    verdict.errors.map(({ phase, code, count }) => `${phase} ${code} ${count}`),
    ['before READONLY 1', 'during READONLY 2', 'after READONLY 1'],
  );
  t.deepEqual(verdict.succeeded, { before: 1, during: 0, after: 1 });
});

test('lost and doubled writes are worse than any recovery', (t) => {
  const back = [ok(1100, 1110)];
  t.is(outcome(back, { history: { ...clean, lost: oneLost } }), 'lost-writes');
  t.is(outcome(back, { history: { ...clean, duplicated: oneLost } }), 'duplicated-writes');
  t.is(outcome([], { operations: [] }), 'no-traffic');
});

test('the longest silence is measured from the strike, over successes, to the end', (t) => {
  t.is(judge(record([ok(1000, 1040), ok(1100, 1300), ok(1300, 1310)])).longestSilenceMs, 290);
  t.is(judge(record([])).longestSilenceMs, 600);
});

test('the timeline tells sentinels once, and the first error and successes of the client', (t) => {
  const events = [
    { at: 1000, source: 'scenario', what: 'kill node-0' },
    { at: 1020, source: 'sentinel', what: '+odown master mymaster' },
    { at: 1021, source: 'sentinel', what: '+odown master mymaster' },
  ] as const;
  const { timeline } = judge(record([failed(999, 1001), ok(1100, 1150)], { events }));
  t.deepEqual(
    timeline.map(({ ms, what }) => `${ms} ${what}`),
    [
      '0 kill node-0',
      '1 first error, of write: READONLY no',
      '20 +odown master mymaster',
      '150 first success since the strike: write',
    ],
  );
});

test('a verdict as text says what a person asks first', (t) => {
  const verdict = judge(record([failed(999, 1001)], { history: { ...clean, lost: oneLost } }));
  const text = renderVerdict(verdict);
  t.regex(text, /^kill: LOST WRITES/);
  t.regex(text, /lost: SET k 1/);
  t.regex(text, /errors during: 1 × READONLY, READONLY no/);
  t.is(summarize(verdict), 'kill: lost-writes, not back in 500 ms');
  t.is(summarize(judge(record([ok(1100, 1110)]))), 'kill: passed, back after 10 ms');
});
