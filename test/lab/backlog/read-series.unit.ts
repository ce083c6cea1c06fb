import test from 'ava';
import { readSeries } from '../../../src/lab/backlog/read-series.js';
import { totalBytes } from '../../../src/lab/backlog/series.js';

const PLAIN = { splitRestarts: false, labels: [] };

const read = (text: string, options = {}): ReturnType<typeof readSeries> =>
  readSeries('series.csv', text, { ...PLAIN, ...options });

test('CSV without and with a header, any separator, comments and empty lines', (t) => {
  for (const text of [
    '0,100\n1,300\n2.5,400\n',
    '# recorded\ntime,offset\n0,100\n\n1,300\n2.5,400',
    'offset;ts\r\n100;0\r\n300;1\r\n400;2.5\r\n',
    '"timestamp"\tredis_master_repl_offset\n0\t100\n1\t300\n2.5\t400\n',
  ]) {
    const { seconds, bytes, replicas } = read(text);
    t.deepEqual([...seconds], [0, 1, 2.5], text);
    t.deepEqual([...bytes], [0, 200, 300]);
    t.is(replicas, null);
  }
});

test('times as Unix seconds, ms, µs, ns and dates', (t) => {
  for (const [first, second] of [
    ['1700000000', '1700000002'],
    ['1700000000.000', '1700000002.000'],
    ['1.7e+09', '1.700000002e+09'],
    ['1700000000000', '1700000002000'],
    ['1700000000000000', '1700000002000000'],
    ['1700000000000000000', '1700000002000000000'],
    ['2026-11-22T10:00:00Z', '2026-11-22T10:00:02Z'],
    ['2026-11-22 10:00:00', '2026-11-22 10:00:02'],
  ]) {
    t.deepEqual([...read(`${first},0\n${second},7\n`).seconds], [0, 2], first);
    t.deepEqual([...read(`[["${first}",0],["${second}","7"]]`).seconds], [0, 2], first);
  }
});

test('times that are no Unix times are seconds, said to be; a doubtful unit must be given', (t) => {
  t.regex(read('0,0\n15,7\n30,9\n').notes.join(), /no Unix times and were taken as seconds/);
  t.deepEqual(read('1700000000,0\n1700000015,7\n').notes, []);
  t.throws(() => read('0,0\n15000,7\n30000,9\n'), {
    message:
      'cannot use series.csv: its times are no Unix times, and as seconds its samples are 15000 s apart: say their unit with --time-unit s, ms, us or ns; got times from 0 to 30000',
  });
  t.deepEqual([...read('0,0\n15000,7\n', { timeUnit: 'ms' }).seconds], [0, 15]);
  for (const head of ['time_ms', 'time (ms)', 'timestamp [ms]', 'ts_ms']) {
    t.deepEqual([...read(`${head},offset\n0,0\n15000,7\n`).seconds], [0, 15], head);
  }
});

test('quotes, exponents, sep=, and rows in which nothing was seen', (t) => {
  for (const text of [
    '"0","100"\n"1","300"\n"2","400"\n',
    '0,1e2\n1,3.0e+02\n2,4e2\n',
    'sep=,\n"Time","Value"\n0,100\n1,300\n2,400\n',
    'sep=;\r\n0;100\r\n1;300\r\n2;400\r\n',
    '\uFEFFtime,offset\n0,100\n0.5,NaN\n1,300\n2,400\n',
    '0,100\n0.5,\n0.7,null\n1,300\n2,400\n2,400\n',
    '[[0,100],[0.5,null],[0.7,"NaN"],[1,300],[2,400]]',
  ]) {
    t.deepEqual([...read(text).bytes], [0, 200, 300], text);
  }
  t.deepEqual(read('0,1.18e+09\n1,1.19e+09\n').bytes[1], 1e7);
  t.true(
    read('0,1\n1,NaN\n2,5\n').notes.includes('Rows without a value, 1 of them, were left out.'),
  );
});

const grafanaColumn = (instance: string): string =>
  `"redis_master_repl_offset{instance=""${instance}"", job=""redis""}"`;

test("Grafana's CSV: columns named by their labels, one chosen of several", (t) => {
  const one = `"Time",${grafanaColumn('a')}\n2026-11-22 10:00:00,100\n2026-11-22 10:00:15,300\n`;
  t.is(totalBytes(read(one)), 200);
  const two = `"Time",${grafanaColumn('a')},${grafanaColumn('b')}\n1700000000000,100,5\n1700000015000,300,9\n`;
  t.is(totalBytes(read(two, { labels: ['instance=b'] })), 4);
  t.throws(() => read(two), { message: /exactly one of its columns must be chosen, with --label/ });
  const formatted = '"Time","Value"\n2026-11-22 10:00:00,118 MB\n2026-11-22 10:00:15,119 MB\n';
  t.throws(() => read(formatted), {
    message:
      /the offset at line 2 must be a plain number, as exported without formatting; got "118 MB"/,
  });
});

const exported = (instance: string, top: number): string =>
  JSON.stringify({
    metric: { __name__: 'redis_master_repl_offset', instance },
    values: [10, top],
    timestamps: [1_700_000_000_000, 1_700_000_015_000],
  });

test("VictoriaMetrics' exports: a series in each line, and CSV with labels among the values", (t) => {
  t.is(totalBytes(read(`${exported('a', 30)}\n`)), 20);
  const two = `${exported('a', 30)}\n${exported('b', 50)}\n`;
  t.is(totalBytes(read(two, { labels: ['instance=b'] })), 40);
  t.is(read(two, { labels: ['instance=b'] }).seconds[1], 15);
  const csv =
    'redis_master_repl_offset,a,10,1700000000\nredis_master_repl_offset,a,30,1700000015\n';
  t.is(totalBytes(read(csv)), 20);
  t.throws(() => read(csv.replace('offset,a,30', 'offset,b,30')), {
    message: /must hold one series, and line 2 is of another/,
  });
});

test("Grafana's data frames, alone and in a query's response", (t) => {
  const frame = {
    schema: {
      fields: [
        { name: 'Time', type: 'time' },
        { name: 'Value', type: 'number', labels: { instance: 'a' } },
      ],
    },
    data: {
      values: [
        [1_700_000_000_000, 1_700_000_015_000],
        [10, 30],
      ],
    },
  };
  for (const value of [
    [frame],
    frame,
    { results: { A: { frames: [frame] } } },
    { data: [frame] },
  ]) {
    t.is(totalBytes(read(JSON.stringify(value))), 20);
  }
});

test('a column of replicas', (t) => {
  const { replicas } = read('time,offset,replicas\n0,0,2\n1,5,1\n2,9,2\n');
  t.deepEqual([...(replicas ?? [])], [2, 1, 2]);
});

test('JSON: pairs, objects, and samples in a member', (t) => {
  for (const text of [
    '[[0, 5], [1, 25]]',
    '[{"time":0,"offset":5},{"time":1,"offset":"25"}]',
    '{"samples":[{"ts":0,"master_repl_offset":5},{"ts":1,"master_repl_offset":25}]}',
  ]) {
    t.is(totalBytes(read(text)), 20, text);
  }
});

const prometheus = (result: readonly unknown[]): string =>
  JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } });
const offsets = (instance: string, top: number): unknown => ({
  metric: { __name__: 'redis_master_repl_offset', instance, job: 'redis' },
  values: [
    [1700000000, '10'],
    [1700000015, String(top)],
  ],
});

test('Prometheus: one server is taken, of several one is chosen by its labels', (t) => {
  t.is(totalBytes(read(prometheus([offsets('a:9121', 30)]))), 20);
  const two = prometheus([offsets('a:9121', 30), offsets('b:9121', 50)]);
  t.is(totalBytes(read(two, { labels: ['instance=b:9121'] })), 40);
  t.throws(() => read(two), {
    message:
      'cannot use series.csv: exactly one of its series must be chosen, with --label NAME=VALUE; got {instance="a:9121",job="redis"} and {instance="b:9121",job="redis"}',
  });
  t.throws(() => read(two, { labels: ['instance=c'] }), { message: /exactly one.*a:9121.*b:9121/ });
  t.throws(() => read(prometheus([{ metric: { __name__: 'up' }, values: [] }])), {
    message: /must contain redis_master_repl_offset; got 1 others/,
  });
});

const replicasOf = (instance: string, count: string): unknown => ({
  metric: { __name__: 'redis_connected_slaves', instance, job: 'redis' },
  values: [
    [1700000000, count],
    [1700000015, '1'],
  ],
});

test('Prometheus: the replicas of the same server stand beside its offsets', (t) => {
  const text = prometheus([
    replicasOf('b:9121', '9'),
    offsets('a:9121', 30),
    replicasOf('a:9121', '2'),
  ]);
  t.deepEqual([...(read(text).replicas ?? [])], [2, 1]);
});

test('what cannot be used is named with its place and the rule', (t) => {
  const cases: readonly [text: string, message: RegExp][] = [
    ['0,100\n1,300\n2,250\n', /the offset goes back at line 3, .*restarted.*; got 250 after 300$/],
    ['0,100\n1,300\n1,350\n', /time must go forward, and line 3 is not after.*; got 1 after 1$/],
    ['0,100\n1,x\n', /the offset at line 2 must be a plain number/],
    ['0,100\n1,-5\n', /the offset at line 2 must be a number that is not negative; got -5/],
    ['0,100\n1\n', /line 2 must have a time and an offset; got "1"/],
    ['0,100\n1,\n', /needs two samples/],
    ['soon,100\n1,200', /header must name a column time and a column offset|the time at line 1/],
    ['a,b\n0,100\n', /header must name a column time and a column offset; got a,b/],
    ['2026-13-45T00:00:00Z,1\n', /the time at line 1 must be a number or a date/],
    ['0,100\n', /needs two samples/],
    ['', /needs two samples/],
    ['0,100\n1,100\n', /the offset never moves/],
    ['[[0,1],[1', /must be JSON to its end/],
    ['{"a":1}', /an array of samples, or what Prometheus/],
    ['[[0,1],[1,null]]', /needs two samples/],
    ['[[0,1],{"time":1}]', /sample 2 must have a time and an offset/],
    ['[[0,1],["x",5]]', /the time at sample 2 must be a number or a date/],
  ];
  for (const [text, message] of cases) {
    const error = t.throws(() => read(text), { code: 'CONFIG_INVALID' }, text);
    t.regex(error?.message ?? '', message);
    t.regex(error?.message ?? '', /^cannot use series\.csv: /);
  }
});

test('the parts between restarts, when asked for', (t) => {
  const text = '0,100\n1,300\n2,10\n3,20\n';
  const series = read(text, { splitRestarts: true });
  t.deepEqual([...series.bounds], [0, 2, 4]);
  t.deepEqual([...series.bytes], [0, 200, 0, 10]);
  t.is(totalBytes(series), 210);
});
