/** A series asked for over HTTP, from what answers as Prometheus does. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import test, { type ExecutionContext } from 'ava';
import { fetchSeries } from '../../../src/lab/backlog/prometheus.js';
import { readSeries } from '../../../src/lab/backlog/read-series.js';
import { totalBytes } from '../../../src/lab/backlog/series.js';

const NOW = 1_700_000_000_000;
const QUERY = { now: NOW, forMs: 3_600_000, everyMs: 15_000, labels: ['instance=a:9121'] };

async function prometheus(
  t: ExecutionContext,
  answer: (url: URL, request: IncomingMessage) => unknown = fromRange,
): Promise<{ readonly host: string; readonly asked: URL[] }> {
  const asked: URL[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://x');
    asked.push(url);
    const value = answer(url, request);
    response.statusCode = value === null ? 400 : 200;
    response.end(JSON.stringify(value ?? { status: 'error', error: 'parse error: unexpected' }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  return { host: `127.0.0.1:${Object(server.address()).port}`, asked };
}

/** One byte a second. */
function fromRange({ searchParams }: URL): unknown {
  const [start, end, step] = ['start', 'end', 'step'].map((name) => Number(searchParams.get(name)));
  const values: [number, string][] = [];
  for (let at = start!; at <= end!; at += step!) values.push([at, `${at}`]);
  const metric = { __name__: 'redis_master_repl_offset', instance: 'a:9121' };
  return { status: 'success', data: { resultType: 'matrix', result: [{ metric, values }] } };
}

test('the server alone is enough; a long range is asked for in parts', async (t) => {
  const { host, asked } = await prometheus(t);
  const text = await fetchSeries('--from', `http://${host}/prom/`, {
    ...QUERY,
    forMs: 300_000_000,
  });
  const series = readSeries('p', text, { splitRestarts: false, labels: [] });
  t.is(series.seconds.length, 20_001);
  t.is(totalBytes(series), 300_000);
  t.is(asked.length, 3);
  t.is(asked[0]!.pathname, '/prom/api/v1/query_range');
  t.is(
    asked[0]!.searchParams.get('query'),
    '{__name__=~"redis_master_repl_offset|redis_connected_slaves",instance="a:9121"}',
  );
});

test('a whole query is used as it is; its password and token go to the server alone', async (t) => {
  const heard: (string | undefined)[] = [];
  const { host, asked } = await prometheus(t, (url, { headers }) => {
    heard.push(headers.authorization);
    return url.searchParams.get('query') === 'bad(' ? null : fromRange(url);
  });
  const base = `http://me:s3%@${host}/api/v1/query_range?start=100&end=130&step=10s&token=s3cret`;
  const text = await fetchSeries('--series', `${base}&query=x`, QUERY);
  t.is(totalBytes(readSeries('p', text, { splitRestarts: false, labels: [] })), 30);
  t.is(asked[0]!.searchParams.get('token'), 's3cret');
  t.is(heard[0], `Basic ${Buffer.from('me:s3%').toString('base64')}`);
  const error = await t.throwsAsync(fetchSeries('--series', `${base}&query=bad(`, QUERY), {
    code: 'CONFIG_INVALID',
    message: /must answer a range query; got parse error: unexpected/,
  });
  t.notRegex(error?.message ?? '', /s3/);
  const gone = await t.throwsAsync(fetchSeries('--from', 'http://u:s3cret@127.0.0.1:1', QUERY), {
    code: 'CONNECTION_LOST',
    message: /^cannot reach http:\/\/127\.0\.0\.1:1/,
  });
  t.notRegex(gone?.message ?? '', /s3/);
});
