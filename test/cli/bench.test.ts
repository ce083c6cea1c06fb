/** `ringleader bench`: wrong input gets a sentence, code 2, and nothing is written. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { toPlan } from '../../src/cli/bench.js';
import { MAIN } from '../support/main.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

interface Ended {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

function run(...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, 'bench', ...args], (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

const FLAGS = {
  replicas: '2',
  mix: 'set',
  size: '64',
  keys: '1000',
  distribution: 'uniform',
  duration: '1s',
  runs: '1',
  driver: 'auto',
  flush: false,
  stages: false,
  seed: '1',
  json: true,
};

const WRONG: readonly [flags: Record<string, string>, message: RegExp][] = [
  [{ mix: 'nope' }, /--mix.*'nope'/],
  [{ size: '-1' }, /--size.*'-1'/],
  [{ replicas: '17' }, /--replicas.*0 to 16.*'17'/],
  [{ via: 'pigeon' }, /--via.*process, tcp.*'pigeon'/],
  [{ driver: 'x' }, /--driver/],
  [{ rate: '0' }, /--rate/],
  [{ pipeline: '1,0' }, /--pipeline.*'0'/],
  [{ against: 'nowhere' }, /--against.*HOST:PORT.*'nowhere'/],
  [{ against: 'host:70000' }, /--against/],
  [{ throughFailover: 'flood' }, /--through-failover.*'flood'/],
  [{ throughFailover: 'kill', replicas: '0' }, /--replicas.*failover/],
  [{ throughFailover: 'kill', against: 'redis' }, /--through-failover/],
  [{ engine: 'redis' }, /--engine: it is for --through-failover.*'redis'/],
  [{ throughFailover: 'kill', engine: 'redis', via: 'process' }, /--via.*'process'/],
];

for (const [flags, message] of WRONG) {
  test(`${JSON.stringify(flags)} is refused`, (t) => {
    t.throws(() => toPlan({ ...FLAGS, ...flags }, () => {}), { code: 'CONFIG_INVALID', message });
  });
}

test('beside a server both ways are measured; one that runs gets keys of our own', (t) => {
  t.deepEqual(toPlan(FLAGS, () => {}).vias, ['process']);
  t.deepEqual(toPlan({ ...FLAGS, against: 'redis' }, () => {}).vias, ['process', 'tcp']);
  const foreign = toPlan({ ...FLAGS, against: '[::1]:6379' }, () => {});
  t.deepEqual(foreign.against, { type: 'server', host: '::1', port: 6379, flush: false });
  t.is(foreign.load.prefix, 'ringleader:bench:');
});

test('the command: wrong input is one sentence and code 2, and no file is left', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ringleader-cli-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'a.html');
  const ended = await run('--against', '127.0.0.1:1', '--html', file);
  t.is(ended.code, 2);
  t.is(ended.stdout, '');
  t.regex(ended.stderr, /^ringleader: cannot reach 127\.0\.0\.1:1: .*\n$/);
  t.deepEqual(readdirSync(folder), []);
  const unwritable = await run('--html', path.join(folder, 'no', 'a.html'));
  t.is(unwritable.code, 2);
  t.regex(unwritable.stderr, /cannot write .*a\.html/);
});

test("the page's first example prints JSON and writes its file", async (t) => {
  const docs = readFileSync(path.join(root, 'docs/bench.md'), 'utf8');
  const [, example] = /```sh\nnpx ringleader bench (.*)\n/.exec(docs)!;
  const folder = mkdtempSync(path.join(tmpdir(), 'ringleader-cli-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'bench.html');
  const args = example!.split(' ').map((each) => (each.endsWith('.html') ? file : each));
  const { code, stdout } = await run(...args);
  t.is(code, 0);
  t.true(existsSync(file));
  t.true(JSON.parse(stdout).contests[0].ours.runs[0].applied > 0);
});
