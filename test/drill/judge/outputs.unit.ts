/**
 * What is made of verdicts: short timelines, plots, pages and JUnit's XML; and refused commands.
 */
import test from 'ava';

import { activityOf } from '../../../src/drill/judge/activity.js';
import { renderJUnit } from '../../../src/drill/judge/junit.js';
import { drillPage } from '../../../src/drill/judge/page.js';
import type { Operation } from '../../../src/drill/judge/operations.js';
import { assertPassed } from '../../../src/drill/judge/passed.js';
import { renderVerdict } from '../../../src/drill/judge/report.js';
import { shortTimeline } from '../../../src/drill/judge/short-timeline.js';
import type { TimelineEntry } from '../../../src/drill/judge/timeline.js';
import { unsupportedCommands } from '../../../src/drill/judge/unsupported.js';
import { type DrillRecord, judge, type Verdict } from '../../../src/drill/judge/verdict.js';
import type { WireCommand } from '../../../src/drill/judge/wire-log.js';

const operation = (settledAt: number, error = false): Operation => ({
  what: 'SET',
  command: null,
  startedAt: settledAt,
  settledAt,
  error: error ? { code: 'E<1>', message: 'a & b\u0007' } : null,
});

const entry = (ms: number, source: TimelineEntry['source'], what: string): TimelineEntry => ({
  ms,
  source,
  what,
});

const command = (name: string, text: string, ...args: string[]): WireCommand => ({
  node: 'node-0',
  db: 0,
  name,
  args: [name, ...args],
  sentAt: 1,
  settledAt: 2,
  state: 'error',
  reply: { type: 'error', text },
});

function verdict(operations: Operation[], more: Partial<DrillRecord> = {}): Verdict {
  return judge({
    scenario: 'kill',
    budgetMs: 500,
    slowMs: 250,
    struckAt: 1000,
    endedStepsAt: 1010,
    closedAt: 1400,
    operations,
    history: { lost: [], duplicated: [], judgedKeys: 0, unjudgedKeys: 0, acknowledgedWrites: 0 },
    events: [],
    clientEnd: null,
    library: '',
    askedSentinels: true,
    sentinelsSilent: false,
    unsupported: [],
    detection: 'event',
    settingMs: 500,
    masterKilledAt: 1000,
    ...more,
  });
}

test('a short timeline has the strike, the new master and the client, in order of time', (t) => {
  const all = [
    entry(0, 'scenario', 'kill node-0'),
    ...[1, 2, 3, 4, 5, 6].map((ms) => entry(ms, 'sentinel', `+something ${ms}`)),
    entry(7, 'client', 'first error, of SET: E'),
    entry(8, 'cluster', 'node-1 is the new master'),
    entry(9, 'cluster', 'node-2 is up'),
    entry(90, 'client', 'first success since the strike: SET'),
  ];
  t.deepEqual(
    shortTimeline(all, 5).map(({ ms }) => ms),
    [0, 1, 7, 8, 90],
  );
  t.is(shortTimeline(all, all.length), all);
  t.deepEqual(shortTimeline(all, 0), []);
  t.is(shortTimeline(all, 7).length, 7);
});

test('a verdict is told with five lines of its timeline, or all', (t) => {
  const events = Array.from({ length: 20 }, (_, i) => ({
    at: 1000 + i,
    source: 'sentinel' as const,
    what: `+event ${i}`,
  }));
  const told = verdict([operation(990), operation(1100)], { events });
  t.is(renderVerdict(told).match(/^ +\d+  (sentinel|client)/gm)?.length, 5);
  t.regex(renderVerdict(told), /… 16 more in the whole timeline/);
  const whole = renderVerdict(told, { timelineLines: Infinity });
  t.is(whole.match(/^ +\d+  (sentinel|client)/gm)?.length, 21);
});

test('both figures of detection are told, and when only one of them is within the budget', (t) => {
  const events = [{ at: 1005, source: 'sentinel' as const, what: '+sdown master mymaster node-0' }];
  const told = renderVerdict(verdict([operation(990), operation(1100)], { events }));
  t.regex(told, /back 90 ms after the scenario's end/);
  t.regex(
    told,
    /found out by silence \(down-after 500 ms\).* after about 585 ms: beyond the budget/,
  );
  const silent = verdict([operation(990), operation(1100)], { events, detection: 'down-after' });
  t.regex(renderVerdict(silent), /found the death out by silence .* told at once.* about 85 ms/);
});

test('what ringleader does not have is named, instead of no traffic', (t) => {
  const unsupported = unsupportedCommands([
    command('lpush', "ERR unknown command 'lpush', with args beginning with: 'k' "),
    command('lpush', "ERR command 'lpush' is not supported by ringleader yet", 'k'),
    command(
      'client',
      "ERR command 'client|tracking' is not supported by ringleader yet",
      'tracking',
    ),
    command('client', "ERR unknown subcommand 'setinfo'. Try CLIENT HELP.", 'setinfo'),
    command('set', 'ERR syntax error'),
  ]);
  t.deepEqual(unsupported, [
    { name: 'LPUSH', count: 2 },
    { name: 'CLIENT TRACKING', count: 1 },
  ]);
  const none = verdict([operation(990, true)], { unsupported });
  t.is(none.outcome, 'unsupported-commands');
  t.regex(renderVerdict(none), /^kill: UNSUPPORTED COMMANDS/);
  t.regex(renderVerdict(none), /does not have them: LPUSH \(2 ×\), CLIENT TRACKING$/m);
  const some = verdict([operation(990), operation(1100)], { unsupported });
  t.is(some.outcome, 'passed', 'what it does beside is judged');
  t.regex(renderVerdict(some), /does not have them: LPUSH/);
  t.is(verdict([]).outcome, 'no-traffic');
});

test('operations are counted in equal steps, of which one begins at the strike', (t) => {
  const { stepMs, fromMs, succeeded, failed } = activityOf(
    [operation(985), operation(999), operation(1000), operation(1009, true), operation(1010)],
    1000,
    1030,
  );
  t.is(stepMs, 10);
  t.is(fromMs, -20);
  t.deepEqual(succeeded, [1, 1, 1, 1, 0]);
  t.deepEqual(failed, [0, 0, 1, 0, 0]);
  const long = activityOf([operation(1)], 100_000, 3_700_000);
  t.true(long.succeeded.length <= 61, String(long.succeeded.length));
  t.deepEqual(activityOf([], 5, 5), { stepMs: 10, fromMs: 0, succeeded: [0], failed: [0] });
});

test('a page has a summary, and a plot and the whole timeline of each', (t) => {
  const events: DrillRecord['events'] = [{ at: 1000, source: 'scenario', what: 'kill node-0' }];
  const struck = verdict([operation(990), operation(1100)], { events });
  const page = drillPage([struck, verdict([])], 'node app.js');
  t.is(page.title, 'Failover drill: node app.js');
  t.regex(page.intro, /^1 of 2 scenarios passed/);
  t.deepEqual(page.sections[0]?.table?.rows[0]?.slice(0, 3), ['kill', 'passed', '90 ms']);
  t.is(page.sections.length, 5);
  t.deepEqual(
    page.sections[1]?.plot?.markers?.map(({ at, label }) => `${at} ${label}`),
    ['0 strike', '100 back'],
  );
  t.deepEqual(page.sections[3]?.plot?.markers, []); // It ended before it was struck.
});

test('JUnit has a test for each verdict; nothing in it breaks out of its element', (t) => {
  const failed = verdict([operation(990), operation(1001, true)]);
  const xml = renderJUnit(
    [
      { verdict: verdict([operation(990), operation(1100)]), seconds: 1.5, more: '' },
      { verdict: failed, seconds: 0.25, more: '| "]]>" \ud800' },
    ],
    'node "a&b".js',
  );
  t.regex(xml, /<testsuites tests="2" failures="1" errors="0" time="1\.750">/);
  t.true(xml.includes('name="ringleader drill: node &quot;a&amp;b&quot;.js"'));
  t.true(
    xml.includes('<testcase name="kill" classname="ringleader.drill" time="1.500"><system-out>'),
  );
  t.regex(xml, /<failure type="errors" message="kill: errors, not back in 500 ms">/);
  t.true(xml.includes('1 × E&lt;1&gt;, a &amp; b?'));
  t.true(xml.includes('| &quot;]]&gt;&quot; ?'));
});

test('what is no verdict, and options that there are not, are refused', (t) => {
  const code = 'CONFIG_INVALID';
  const good = verdict([operation(990), operation(1100)]);
  for (const wrong of [undefined, null, 'passed', {}, { outcome: 'fine', timeline: [] }]) {
    t.throws(() => Reflect.apply(renderVerdict, null, [wrong]), { code });
    t.throws(() => Reflect.apply(assertPassed, null, [wrong]), { code });
  }
  t.throws(() => Reflect.apply(renderVerdict, null, [good, { lines: 3 }]), {
    code,
    message: /no option lines/,
  });
  t.throws(() => renderVerdict(good, { timelineLines: -1 }), { code });
  t.throws(() => Reflect.apply(assertPassed, null, [good, ['fast']]), { code, message: /"fast"/ });
  t.throws(() => Reflect.apply(assertPassed, null, [good, 'slow']), { code });
  t.notThrows(() => assertPassed(good, ['slow']));
});
