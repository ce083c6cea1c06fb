/** A load through a failover, and its page in a real browser: the plots are drawn, in pixels. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'ava';
import { writeReport } from '../../../src/io/report-file.js';
import { runThroughFailover } from '../../../src/lab/bench/failover.js';
import { OurSystem } from '../../../src/lab/bench/our-system.js';
import { benchReport } from '../../../src/lab/bench/result-report.js';
import { drawings, launchBrowser, openFile, testWithBrowser } from '../../support/browser.js';

const [ANSWERED, UNUSED] = ['#2f7ed8', '#00a5a5'] as const;

async function throughFailover(via: 'tcp' | 'process'): ReturnType<typeof runThroughFailover> {
  await using ours = await OurSystem.start({ replicas: 2, sentinels: 3, downAfterMs: 300 });
  const load = {
    mix: [{ command: 'set', weight: 1 }],
    size: { min: 64, max: 64 },
    distribution: { type: 'uniform' },
    keys: 1000,
    prefix: 'key:',
  } as const;
  const shape = { driver: 'own', clients: 4, pipeline: 1, rate: 1000, seed: 1 } as const;
  return await runThroughFailover(ours, { load, via, ...shape, durationMs: 3000 }, 'kill');
}

test.serial('in the process, the load finds the new master', async (t) => {
  const result = await throughFailover('process');
  const labels = result.markers.map(({ label }) => label);
  t.true(labels.includes('kill'));
  t.regex(labels.join('\n'), /^node-[12] is master$/m);
  const switched = result.markers.find(({ label }) => label.endsWith('is master'))!.seconds;
  const after = result.samples.filter(({ seconds }) => seconds > switched);
  t.true(after.some(({ answered }) => answered > 0));
  t.true(result.switchedMs! > 0);
  // Four clients lose one command each as often as the load moves: on a busy machine a few times.
  t.true(result.lost <= 4 * 10, `${result.lost} of ${result.answered}`);
});

testWithBrowser("the failover's page has its plots drawn, without a network", async (t) => {
  const failover = await throughFailover('tcp');
  const folder = mkdtempSync(path.join(tmpdir(), 'ringleader-failover-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'failover.html');
  const base = {
    title: 'Failover',
    environment: 'a test',
    contests: [],
    stages: null,
    raw: null,
    lost: null,
  };
  writeReport(file, benchReport({ ...base, failover }));
  const browser = await launchBrowser();
  t.teardown(() => browser.close());
  const { page, requests, errors } = await openFile(browser, file);
  // The offsets' plot has a colour for each of three nodes; the first is killed.
  const survivors = ['#e2711d', '#2a9d5c'] as const;
  const drawn = await drawings(page, [ANSWERED, UNUSED, ...survivors]);
  const [answers, latency, offsets, ...none] = drawn;
  t.is(none.length, 0);
  // The curve of what was answered falls and rises; the slowest answers have a gap at most.
  t.true(answers!.columnsWith[ANSWERED]! > 0.2);
  t.true(answers!.rowsBetween[ANSWERED]! > answers!.height / 10);
  t.true(latency!.columnsWith[ANSWERED]! > 0.2);
  t.true(offsets!.columnsWith[UNUSED] === 0 && answers!.columnsWith[UNUSED] === 0);
  t.true(survivors.some((color) => offsets!.columnsWith[color]! > 0.5));
  t.true(survivors.some((color) => offsets!.rowsBetween[color]! > offsets!.height / 10));
  t.deepEqual(requests, []);
  t.deepEqual(errors, []);
});
