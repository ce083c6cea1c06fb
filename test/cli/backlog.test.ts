import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type BacklogFlags, readInput } from '../../src/cli/backlog-input.js';
import { liveSection } from '../../src/cli/backlog-live.js';
import { readPlan } from '../../src/cli/backlog-replay.js';
import { Asker } from '../../src/io/asker.js';
import { sampleServer } from '../../src/lab/backlog/live.js';
import { parseServerUrl } from '../../src/cluster/server-url.js';
import { encodeCommand } from '../../src/resp/encode-command.js';
import { freePort } from '../../src/io/free-port.js';
import { LoneNode } from '../support/lone-node.js';
import { until } from '../support/until.js';
import { RespClient } from '../support/resp-client.js';
import { MAIN } from '../support/main.js';

const QUIET = { say() {}, end() {} };

const DEFAULTS: BacklogFlags = {
  label: [],
  burst: [],
  duration: '1h',
  outage: '30s',
  target: '0.01',
  reconnect: '1s',
  link: '1gbit',
  saveRate: '200mb',
  loadRate: '150mb',
  seed: '1',
  rounds: '200',
  seeds: '4',
  factor: '100',
};

function folder(t: ExecutionContext): string {
  const made = mkdtempSync(path.join(tmpdir(), 'ringleader-backlog-'));
  t.teardown(() => rmSync(made, { recursive: true }));
  return made;
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function ringleader(...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, 'backlog', ...args], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

test('the sizing, its replay and its page, for machines and for people', async (t) => {
  const html = path.join(folder(t), 'backlog.html');
  const { code, stdout, stderr } = await ringleader(
    ...'--rate 1mb --burst 20mb:2s:1m --duration 2h --outage exp:5s --json'.split(' '),
    ...'--dataset 1gb --replay --rounds 10 --seeds 1 --html'.split(' '),
    html,
  );
  t.is(code, 0, stderr);
  const sizing = JSON.parse(stdout);
  t.true(sizing.smallest.bytes > 2 ** 20 && sizing.smallest.point.share <= 0.01);
  t.true(sizing.outputBuffer.limit.hardBytes >= sizing.recommended.bytes);
  t.true(sizing.replay.length >= 4);
  for (const { full, partial } of sizing.replay) t.is(full + partial, 10);
  t.regex(stderr, /^replaying outages: \[#+\] 100 %$/m);
  const page = readFileSync(html, 'utf8');
  t.regex(page, /client-output-buffer-limit replica \d/);
  t.regex(page, /"label":"knee"/);
  t.deepEqual(readdirSync(path.dirname(html)), ['backlog.html']);
});

test('wrong input: one sentence that names it, exit code 2, nothing written', async (t) => {
  const dir = folder(t);
  const html = path.join(dir, 'page.html');
  const series = path.join(dir, 'restart.csv');
  writeFileSync(series, 'time,offset\n1,100\n2,200\n3,50\n');
  const ended = await ringleader('--series', series, '--html', html);
  t.is(ended.code, 2);
  t.is(ended.stdout, '');
  t.is(
    ended.stderr,
    `ringleader: cannot use ${series}: the offset goes back at line 4, so the server was restarted there (--split-restarts uses the parts); got 50 after 200\n`,
  );
  t.false(existsSync(html));

  t.is((await ringleader('--no-such-flag')).code, 2);
});

test('each flag is checked before anything is done', async (t) => {
  const cases: readonly [flags: Partial<BacklogFlags>, message: RegExp][] = [
    [
      {},
      /the input: exactly one source is needed: --from URL, --series FILE or --rate RATE; got none/,
    ],
    [{ rate: '1mb', series: 'x.csv' }, /exactly one source/],
    [{ rate: '5' }, /--rate: a rate is .*unit.*; got "5"/],
    [
      { rate: '1mb', dataset: '8' },
      /--dataset: so few bytes are written with their unit, as 8b or 8mb/,
    ],
    [{ rate: '1mb', burst: ['1mb:2m:1m'] }, /--burst: a burst is shorter than .*; got 2m every 1m/],
    [{ series: 'x', timeUnit: 'h' }, /--time-unit: one of s, ms, us, ns; got h/],
    [{ from: 'http://127.0.0.1:1', every: '2s', for: '1s' }, /--for: from 2s to/],
    [{ rate: 'fast' }, /--rate: a rate is .*; got "fast"/],
    [{ rate: '-5mb' }, /--rate: a rate is .*; got "-5mb"/],
    [{ rate: '1mb', outage: 'never' }, /--outage: /],
    [
      { rate: '1mb', outage: 'measured' },
      /--outage measured: the series must say how many replicas/,
    ],
    [{ rate: '1mb', outage: '@/no/such/file' }, /\/no\/such\/file: the file must be readable/],
    [{ rate: '1mb', target: '2' }, /--target: the probability lies between 0.0001 and 1; got 2/],
    [{ rate: '1mb', burst: ['1mb'] }, /--burst: a burst is RATE:LASTS:EVERY/],
    [{ rate: '1mb', duration: '0s' }, /--duration/],
    [
      { rate: '1mb', replicas: '-1' },
      /--replicas: a whole number from 0 to 1000 is needed; got "-1"/,
    ],
    [{ rate: '1mb', link: 'fast' }, /--link: a rate is .*; got "fast"/],
    [{ rate: '1mb', record: 'x.csv' }, /--record: it is for --from; got x.csv/],
    [{ rate: '1mb', every: '1s' }, /--every: it is for --from; got 1s/],
    [{ series: 'x.csv', for: '1m' }, /--for: it is for --from; got 1m/],
    [{ series: 'x.csv', burst: ['5mb:1s:1m'] }, /--burst: it is for --rate; got 5mb:1s:1m/],
    [{ rate: '1mb', label: ['a=b'] }, /--label: it is for --series and --from http/],
    [{ rate: '1mb', splitRestarts: true }, /--split-restarts: it is for --series and --from; got/],
    [{ series: 'x.csv', insecure: true }, /--insecure: it is for --from rediss:/],
    [{ rate: '1mb', redis: 'new' }, /--redis: a version is a number/],
    [{ rate: '1mb', dataset: '8gb', link: '0mb' }, /--link: a rate above 0/],
    [{ rate: '1mb', largestValue: '-1' }, /--largest-value/],
    [{ rate: '1mb', current: 'big' }, /--current/],
    [{ series: '/no/such.csv' }, /\/no\/such\.csv: the file must be readable/],
    [{ from: 'ftp://localhost' }, /--from: a server is redis:/],
    [{ from: 'localhost' }, /--from: a server is redis:/],
  ];
  for (const [flags, message] of cases) {
    const error = await t.throwsAsync(
      readInput({ ...DEFAULTS, ...flags }, QUIET),
      { code: 'CONFIG_INVALID' },
      JSON.stringify(flags),
    );
    t.regex(error?.message ?? '', message);
  }
  for (const flags of [
    { replay: 'slow' },
    { rounds: '0' },
    { seeds: '1.5' },
    { factor: '-1' },
    { engine: 'redis' },
    { replay: true, engine: 'redis' },
  ] as const) {
    t.throws(() => readPlan({ ...DEFAULTS, ...flags }), { code: 'CONFIG_INVALID' });
  }
  t.is(readPlan(DEFAULTS), null);
  t.deepEqual(readPlan({ ...DEFAULTS, replay: true, seeds: '2' }), {
    clock: 'virtual',
    rounds: 200,
    seeds: [1, 2],
    factor: 100,
    engine: 'threads',
  });
  t.is(readPlan({ ...DEFAULTS, replay: 'real', engine: 'processes' })?.engine, 'processes');
});

test('a server that cannot be reached is named, without its password', async (t) => {
  const port = await freePort();
  const flags = { ...DEFAULTS, from: `redis://me:s3cret@127.0.0.1:${port}/0?token=s3cret` };
  const error = await t.throwsAsync(readInput(flags, QUIET), { code: 'CONNECTION_LOST' });
  t.true(error?.message.startsWith(`cannot reach 127.0.0.1:${port}: `));
  t.false(error?.message.includes('s3cret'));
});

/** What answers AUTH and so many INFOs, and then does as it is told. */
async function fakeServer(
  t: ExecutionContext,
  answers: number,
  then: (socket: Socket) => void,
): Promise<{ readonly url: string; readonly auths: readonly string[] }> {
  const auths: string[] = [];
  let offset = 0;
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      const text = bytes.toString();
      if (text.includes('AUTH')) {
        auths.push(text);
        socket.write('+OK\r\n');
        return;
      }
      offset += 5000;
      const info = `role:master\r\nmaster_repl_offset:${offset}\r\nrepl_backlog_size:1048576`;
      if (offset > answers * 5000) then(socket);
      else socket.write(`$${info.length}\r\n${info}\r\n`);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const { port } = Object(server.address());
  return { url: `redis://user:100%25%w%40@127.0.0.1:${port}`, auths };
}

test('a server that goes away: what was sampled is kept, used and said to be less', async (t) => {
  const record = path.join(folder(t), 'offsets.csv');
  const { url, auths } = await fakeServer(t, 5, (socket) => socket.resetAndDestroy());
  const args = ['--from', url, '--for', '1h', '--every', '5ms', '--record', record];
  const { code, stdout, stderr } = await ringleader(...args, '--json');
  t.is(code, 2);
  t.is(JSON.parse(stdout).series.samples, 5);
  t.regex(JSON.parse(stdout).lost, /^cannot reach 127/);
  const last = stderr.trimEnd().split('\n').at(-1)!;
  t.regex(last, /^ringleader: cannot reach 127.*: .*; the 5 samples until then are used, and kept/);
  t.is(readFileSync(record, 'utf8').trim().split('\n').length, 6);
  // The % of a password that begins no escape stands for itself; and none of it is shown.
  t.is(auths[0], '*3\r\n$4\r\nAUTH\r\n$4\r\nuser\r\n$7\r\n100%%w@\r\n');
  t.notRegex(stdout + stderr + readFileSync(record, 'utf8'), /100%|user/);
});

test('a server that stands still is given up, or left at a sign of the operator', async (t) => {
  const server = async (): ReturnType<typeof fakeServer> => fakeServer(t, 3, () => {});
  const options = { everyMs: 1, forMs: 3_600_000, onSample() {} };
  const given = parseServerUrl('--from', (await server()).url);
  const never = new Promise(() => {});
  const silent = await sampleServer(given, { ...options, silentMs: 500, stopped: never });
  t.is(silent.samples.length, 3);
  t.regex(silent.lost ?? '', /^cannot reach 127\.0\.0\.1:\d+: no answer within 0\.5 s$/);

  let stop: (() => void) | undefined;
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const other = parseServerUrl('--from', (await server()).url);
  const left = await sampleServer(other, {
    ...options,
    stopped,
    onSample: ({ place }) => void (place === 'sample 3' && setTimeout(() => stop?.(), 20)),
  });
  t.is(left.samples.length, 3);
  t.is(left.lost, null);

  // What it still owed when it was left keeps nothing: its deadline is an hour away.
  const { hostname, port } = new URL((await server()).url.replaceAll('%w', 'w'));
  const asker = new Asker(hostname, Number(port), { silentMs: 3_600_000 });
  const asked = t.throwsAsync(asker.ask('BLPOP'), { code: 'CONNECTION_LOST', message: /closed/ });
  asker.close();
  await asked;
});

test('a series is read from a stdin that another process has left non-blocking', async (t) => {
  // libuv makes a pipe non-blocking, for all who share it; killed, it leaves it so.
  const other = `process.stdin.resume(); setTimeout(() => process.kill(process.pid, 'SIGKILL'), 20)`;
  const script =
    '"$0" -e "$1" 2>/dev/null; echo ready >&2; exec "$0" "$2" backlog --series - --outage 1s --json';
  const child = spawn('sh', ['-c', script, process.execPath, other, MAIN]);
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (bytes) => (texts[name] += String(bytes)));
  }
  await until(() => texts.stderr.includes('ready'));
  child.stdin.write('time,offset\n0,1\n');
  // Time enough to ask for more than there is; a slow start only means that it is not asked.
  setTimeout(() => child.stdin.end('1,5000\n2,9000\n'), 1500);
  const [code] = await once(child, 'close');
  t.is(code, 0, texts.stderr);
  t.is(JSON.parse(texts.stdout).series.samples, 3);
});

test('a path that cannot be written is refused before anything is measured', async (t) => {
  const dir = folder(t);
  const { url, auths } = await fakeServer(t, 0, () => {});
  for (const file of [dir, path.join(dir, 'no', 'f')]) {
    for (const option of ['--record', '--html']) {
      const { code, stderr } = await ringleader('--from', url, option, file);
      t.is(code, 2, option);
      t.regex(stderr, /^ringleader: cannot write .*: [^,]*\n$/);
    }
  }
  t.is(auths.length, 0);
  t.deepEqual(readdirSync(dir), []);
});

test('a running server is sampled, and the samples kept', async (t) => {
  const node = await LoneNode.start({ config: 'requirepass secret' });
  t.teardown(() => node.stop());
  const writer = await RespClient.connect(node.port);
  t.teardown(() => writer.close());
  await writer.call('AUTH', 'secret');
  const writing = setInterval(() => writer.write(encodeCommand(['SET', 'k', 'x'.repeat(500)])), 2);
  t.teardown(() => clearInterval(writing));
  const record = path.join(folder(t), 'offsets.csv');
  const flags = { ...DEFAULTS, for: '300ms', every: '10ms', outage: '50ms', record };
  const url = `redis://:secret@127.0.0.1:${node.port}`;
  const { series, options, live } = await readInput({ ...flags, from: url }, QUIET);
  t.is(series.name, `redis://127.0.0.1:${node.port}`);
  t.regex(liveSection(series.name, live!).text ?? '', /version 7\.0\.15, master, 0 replicas/);
  t.true((options.fullSync?.datasetBytes ?? 1) > 0);
  t.true(series.seconds.length > 1);
  t.is(options.replicas, 1);
  t.is(options.version, '7');
  // What was kept is the same series.
  const again = await readInput({ ...DEFAULTS, outage: '50ms', series: record }, QUIET);
  t.is(again.series.seconds.length, series.seconds.length);
  t.is(again.series.bytes.at(-1), series.bytes.at(-1));
  await t.throwsAsync(
    readInput({ ...flags, from: `redis://:wrong@127.0.0.1:${node.port}` }, QUIET),
    { message: /--from: redis:\/\/[0-9.:]+ must let us in; got WRONGPASS/ },
  );
});
