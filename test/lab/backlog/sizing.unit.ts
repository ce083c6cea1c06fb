import test from 'ava';
import { findKnee } from '../../../src/lab/backlog/knee.js';
import { measuredOutages } from '../../../src/lab/backlog/measured.js';
import { parseOutages } from '../../../src/lab/backlog/outages.js';
import { buildSeries, meanRate, totalBytes } from '../../../src/lab/backlog/series.js';
import { sizeBacklog } from '../../../src/lab/backlog/sizing.js';
import { parseBurst, synthesize } from '../../../src/lab/backlog/synthetic.js';
import { configSnippet, sizingReport } from '../../../src/lab/backlog/text.js';
import { renderText } from '../../../src/report/terminal.js';

const MB = 2 ** 20;
const bursty = synthesize({
  rate: MB,
  bursts: [parseBurst('b', '50mb:2s:1m')],
  seconds: 36_000,
  seed: 3,
});

test('a synthetic series has the rate and the bursts that were asked for', (t) => {
  const expected = MB + (50 * MB * 2) / 60 + 1.4;
  t.true(Math.abs(meanRate(bursty) / expected - 1) < 0.1);
  const steady = synthesize({ rate: MB, seconds: 100 });
  t.is(Math.round(totalBytes(steady)), 100 * MB + 140);
  for (const text of [
    '50mb',
    '50mb:2s',
    '50mb:0s:1m',
    '50mb:1s:0s',
    '1mb:2s:1m:4',
    '-1mb:2s:1m',
    '0mb:2s:1m',
    '5:2s:1m',
    '1mb:2m:1m',
    '1mb:1m:1m',
  ]) {
    t.throws(() => parseBurst('--burst', text), { message: /^cannot use --burst: / }, text);
  }
});

test('rate × time is not enough: the sizing says by how much', async (t) => {
  const sizing = await sizeBacklog(bursty, { outages: parseOutages('o', '30s'), target: 0.01 });
  t.true(sizing.naive.point.share > 0.2);
  t.true(sizing.smallest.point.share <= 0.01);
  t.true(sizing.smallest.bytes > 2 * sizing.naive.bytes);
  t.true(sizing.sure === null || sizing.sure.bytes >= sizing.smallest.bytes);
  t.is(sizing.worst.bytes, sizing.smallest.bytes, 'a synthetic series leaves nothing open');
  t.is(sizing.current.bytes, MB);
  // The answer is the smallest: a hundredth less is too little.
  const less = sizing.curve.filter(({ size }) => size < sizing.smallest.bytes).at(-1)!;
  t.true(less.share > 0.01);
  t.true(sizing.knee !== null && sizing.knee.point.share < 0.5);
});

test('the smallest that meets the target is recommended, with the confidence it has', async (t) => {
  const short = synthesize({ rate: MB, seconds: 600 });
  const sizing = await sizeBacklog(short, { outages: parseOutages('o', '30s') });
  t.is(sizing.sure, null);
  t.is(sizing.recommended.bytes, sizing.smallest.bytes);
  t.is(sizing.recommended.point.share, 0);
  // Wilson's interval for 0 of 19 cases reaches 1 % at z = 0.44.
  t.true(Math.abs(sizing.confidence - 0.67) < 0.01, `${sizing.confidence}`);
  // More than was ever written in 31 s.
  t.true(sizing.cautious.bytes >= 31 * MB);
  const text = renderText(sizingReport(sizing));
  t.regex(text, /is 67\.1 % sure: the series has room for 19 outages end to end\./);
  t.regex(text, /To be careful: 3[12]\d*[mk]b, more than was ever written during one\. No size/);

  const long = await sizeBacklog(bursty, { outages: parseOutages('o', 'exp:5s'), target: 0.05 });
  t.is(long.recommended.bytes, long.smallest.bytes);
  t.is(long.cautious.bytes, long.sure!.bytes);
  t.true(long.confidence > 0.5 && long.confidence < 0.975);
});

test('where the series meets the target with a third of what was ever written, a third is enough', async (t) => {
  // One burst of 60 s in an hour: outages of 1 s hardly ever meet it.
  const samples = Array.from({ length: 3601 }, (_, second) => ({
    seconds: second,
    offset: second * 1000 + Math.max(0, Math.min(20, second - 1000)) * 100 * MB,
    replicas: null,
    place: `${second}`,
  }));
  const sizing = await sizeBacklog(buildSeries('s', samples), {
    outages: parseOutages('o', '1s'),
    target: 0.0075,
  });
  t.true(sizing.recommended.bytes < 2 * MB);
  t.true(sizing.cautious.bytes > 100 * MB);
  t.regex(configSnippet(sizing), /^repl-backlog-size \d+kb$/);
});

test('a gap in the samples is shown, and what was written in it was not written in one outage', async (t) => {
  // 1 MB/s, sampled every 15 s, and nothing for 25 min in the middle.
  const samples = Array.from({ length: 480 }, (_, i) => {
    const seconds = i * 15 + (i >= 240 ? 1500 : 0);
    return { seconds, offset: seconds * MB, replicas: null, place: `line ${i + 1}` };
  });
  const outages = parseOutages('o', '20s');
  const series = buildSeries('s', samples, { leaveOutGaps: true });
  const sizing = await sizeBacklog(series, { outages });
  t.deepEqual(sizing.series.gaps, { count: 1, seconds: 1515, longest: 1515, place: 'line 241' });
  t.is(sizing.series.restarts, 0);
  t.true(sizing.smallest.bytes < 22 * MB);
  t.true(sizing.cautious.bytes < 64 * MB);
  t.regex(
    renderText(sizingReport(sizing)),
    /1 gap in its samples, 25\.3 min together, .* before line 241/,
  );
  // A sample or two that are missing are none.
  const few = samples.slice(0, 240).filter((_, i) => i % 50 !== 49);
  t.is(buildSeries('s', few, { leaveOutGaps: true }).gaps.count, 0);
});

test('the recommendation holds the largest value, and the output limit is beside it', async (t) => {
  const sizing = await sizeBacklog(bursty, {
    outages: parseOutages('o', 'exp:10s'),
    largestValueBytes: 3 * 2 ** 30,
    replicas: 2,
    version: '6.2',
    fullSync: { datasetBytes: 2 ** 30, linkRate: 125e6, saveRate: 2e8, loadRate: 2e8 },
  });
  t.is(sizing.recommended.bytes, 3 * 2 ** 30);
  t.regex(
    configSnippet(sizing),
    /^repl-backlog-size 3gb\nclient-output-buffer-limit replica \d+[mg]b \d+[mg]b \d+$/,
  );
  t.is(sizing.slackBytes, 0);
  const text = renderText(sizingReport(sizing));
  for (const heading of ['Recommendation', 'Full sync and output buffer', 'Memory on the master']) {
    t.true(text.includes(heading));
  }
  // Plain data: as JSON it is the same.
  t.deepEqual(JSON.parse(JSON.stringify(sizing)), sizing);
});

test('the rarest target is met at the last size of the grid or before', async (t) => {
  const outages = parseOutages('o', 'lognormal:5s:1');
  const { smallest } = await sizeBacklog(bursty, { outages, target: 0.0001 });
  t.true(smallest.point.share <= 0.0001);
});

test('a target outside its bounds is refused', async (t) => {
  for (const target of [0, 0.00009, 1, -0.1, Number.NaN]) {
    await t.throwsAsync(sizeBacklog(bursty, { outages: parseOutages('o', '1s'), target }), {
      code: 'CONFIG_INVALID',
    });
  }
});

test('outages measured in the series itself', (t) => {
  const counts = [2, 2, 1, 1, 2, 2, 0, 1, 2, 3];
  const samples = counts.map((replicas, index) => ({
    seconds: index * 10,
    offset: index * 100,
    replicas,
    place: `sample ${index + 1}`,
  }));
  // Away in 2 samples: at most 30 s. Then two at once, back one after the other; the third is new.
  t.deepEqual(measuredOutages(buildSeries('s', samples)), { type: 'list', seconds: [30, 20, 30] });
  t.throws(() => measuredOutages(buildSeries('s', samples.slice(0, 2))), {
    message: /at least one replica must have gone and come back/,
  });
  const silent = samples.map((sample) => ({ ...sample, replicas: null }));
  t.throws(() => measuredOutages(buildSeries('s', silent)), {
    message: /must say how many replicas were online/,
  });
});

const point = (size: number, share: number) => ({
  size,
  share,
  worst: share,
  cases: 10,
  interval: { low: share, high: share },
});

test('the knee is where the curve is furthest below its chord', (t) => {
  const curve = [point(1, 1), point(10, 0.9), point(100, 0.1), point(1000, 0.05), point(10_000, 0)];
  t.is(findKnee(curve)?.size, 100);
  t.is(findKnee([point(1, 1), point(10, 1)]), null);
  t.is(findKnee([]), null);
});
