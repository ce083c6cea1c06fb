/** `ringleader drill` as its users run it: a process, its output and its exit code. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';

import { type DrillFlags, drillProgram } from '../../src/cli/drill.js';
import { ProcessGroup } from '../../src/cli/process-group.js';
import { MAIN } from '../support/main.js';
import { until } from '../support/until.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

interface Result {
  readonly code: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

function drill(...args: string[]): Promise<Result> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, 'drill', ...args], { cwd: root }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, stdout, stderr }),
    );
  });
}

/** A program that writes without end; with `--direct`, to one address and without a second try. */
const APP = `
import { Redis } from ${JSON.stringify(import.meta.resolve('ioredis'))};
const sentinels = process.env.REDIS_SENTINELS.split(',').map((each) => {
  const [host, port] = each.split(':');
  return { host, port: Number(port) };
});
const redis = process.argv.includes('--direct')
  ? new Redis(process.env.REDIS_URL, { retryStrategy: null })
  : new Redis({ sentinels, name: process.env.REDIS_SENTINEL_NAME });
redis.on('error', () => {});
for (let i = 0; ; i += 1) {
  await redis.set('key:' + i, i);
  await new Promise((resolve) => setTimeout(resolve, 5));
}
`;

test.serial(
  'a program is judged from outside: exit code 0 if it passed, 1 if one verdict was not',
  async (t) => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'ringleader-drill-'));
    t.teardown(() => rmSync(folder, { recursive: true }));
    const app = path.join(folder, 'app.mjs');
    writeFileSync(app, APP);
    const common = '--scenario kill --budget 10s --slow 10s --replicas 1 --sentinels 1'.split(' ');
    const passed = await drill(...common, '--json', '--', process.execPath, app);
    t.is(passed.code, 0, passed.stdout + passed.stderr);
    const [verdict]: unknown[] = JSON.parse(passed.stdout);
    t.like(verdict, { scenario: 'kill', outcome: 'passed', library: 'ioredis', lost: [] });

    const direct = await drill(...common, '--', process.execPath, app, '--direct');
    t.is(direct.code, 1);
    t.regex(direct.stdout, /^kill: ERRORS/);
    t.regex(direct.stdout, /PROGRAM_ENDED, the program ended \(exit code 1\)/);
    t.regex(direct.stdout, /It has asked no sentinel/);
  },
);

/** As npm does: a process that starts the program and ends at once when it is told to. */
const OUTER = `
import { spawn } from 'node:child_process';
spawn(process.execPath, process.argv.slice(2), { stdio: 'inherit' });
setInterval(() => {}, 1000);
`;
/** A program that does not end by SIGTERM, and says who it is. */
const STUBBORN = `
import { writeFileSync } from 'node:fs';
process.on('SIGTERM', () => {});
writeFileSync(process.argv[2], String(process.pid));
${APP}`;

function nested(t: ExecutionContext): { readonly words: string[]; readonly pid: () => number } {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'ringleader-drill-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const [outer, inner, told] = ['outer.mjs', 'inner.mjs', 'pid'].map((name) =>
    path.join(folder, name),
  );
  writeFileSync(outer!, OUTER);
  writeFileSync(inner!, STUBBORN);
  const pid = (): number => {
    try {
      return Number(readFileSync(told!, 'utf8'));
    } catch {
      return 0; // Not started yet.
    }
  };
  t.teardown(() => pid() > 0 && isAlive(pid()) && process.kill(pid(), 'SIGKILL'));
  return { words: [process.execPath, outer!, outer!, inner!, told!], pid };
}

/** A zombie has ended: its parent, or who takes its place, is to fetch it. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== 'linux') return true;
  return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
}

test.serial(
  'a program behind others ends with the drill, also one that does not by SIGTERM',
  async (t) => {
    const { words, pid } = nested(t);
    const [page, tests] = ['page.html', 'tests.xml'].map((name) =>
      path.join(path.dirname(words.at(-1)!), name),
    );
    const flags = '--scenario kill --budget 10s --slow 10s --replicas 1 --sentinels 1'.split(' ');
    const done = await drill(...flags, '--html', page!, '--junit', tests!, '--', ...words);
    t.is(done.code, 0, done.stdout + done.stderr);
    t.true(pid() > 0);
    await until(() => !isAlive(pid()));
    t.is(done.stdout.match(/^ +-?\d+  (scenario|cluster|sentinel|client)  /gm)?.length, 5);
    t.regex(readFileSync(page!, 'utf8'), /<h1>Failover drill: .*outer\.mjs.*<\/h1>/);
    t.regex(readFileSync(tests!, 'utf8'), /<testsuites tests="1" failures="0"/);
  },
);

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test.serial(`${signal} ends the drill and all of the program`, async (t) => {
    const { words, pid } = nested(t);
    const flags = '--scenario kill --replicas 1 --sentinels 1 --budget 60s'.split(' ');
    const child = spawn(process.execPath, [MAIN, 'drill', ...flags, '--', ...words], {
      stdio: 'ignore',
    });
    t.teardown(() => child.kill('SIGKILL'));
    const ended = once(child, 'close');
    await until(() => pid() > 0);
    child.kill(signal);
    t.deepEqual(await ended, [code, null]);
    await until(() => !isAlive(pid()));
  });
}

test.serial('a program that crashes shows its own error', async (t) => {
  const crash = 'const config = undefined; config.url';
  const { code, stdout, stderr } = await drill(
    ...'--scenario kill,freeze --replicas 1 --sentinels 1 --'.split(' '),
    process.execPath,
    '-e',
    crash,
  );
  t.is(code, 1);
  t.regex(stdout, /^kill: NO TRAFFIC/);
  t.regex(stdout, /the program ended \(exit code 1\): TypeError: Cannot read properties/);
  t.regex(stdout, /the end of its output:\n(?:  \|.*\n)+  \| TypeError: Cannot read/);
  // It never worked, so it is not tried again, and the last word is what was wrong.
  t.notRegex(stdout, /freeze/);
  t.regex(
    stderr,
    /\nringleader: the program ended \(exit code 1\) before it had done anything: TypeError: Cannot.*\n$/,
  );
});

test('a signal to a program that did not start goes nowhere, least of all to our own group', async (t) => {
  const group = new ProcessGroup('/nonexistent/program', [], {});
  await once(group.child, 'error');
  t.is(group.child.pid, undefined);
  group.signal('SIGKILL');
  group.end();
  t.is(process.listeners('SIGHUP').length, 0);
});

test('wrong input is told in a sentence before anything is done', async (t) => {
  const flags = { scenario: ['kill'], budget: 1, start: 1, set: {} };
  const cases: [string[], Partial<DrillFlags>, RegExp][] = [
    [[], {}, /there is no program to try: put it behind --/],
    [['true'], { scenario: ['kill', 'nope'] }, /no scenario "nope"; the scenarios are kill, /],
    [['true'], { scenario: ['./nowhere.yaml'] }, /cannot use \.\/nowhere\.yaml: No such file/],
    [['true'], { scenario: ['all+kill'] }, /no scenario "all"/],
    [['true'], { html: '/nowhere/x.html' }, /cannot write \/nowhere\/x\.html: ENOENT/],
    [['true'], { junit: '/nowhere/x.xml' }, /cannot write \/nowhere\/x\.xml: ENOENT/],
    [['true'], { replicas: 99 }, /cannot use replicas: .*got 99/],
  ];
  for (const [words, wrong, message] of cases) {
    await t.throwsAsync(drillProgram(words, { ...flags, ...wrong }), {
      code: 'CONFIG_INVALID',
      message,
    });
  }
});

test('wrong input ends the process with exit code 2, and nothing on stdout', async (t) => {
  const [unknown, budget] = await Promise.all([
    drill('--scenario', 'nope', '--', 'true'),
    drill('--budget', 'soon', '--', 'true'),
  ]);
  t.like(unknown, { code: 2, stdout: '' });
  t.regex(unknown.stderr, /^ringleader: there is no scenario "nope"/);
  t.like(budget, { code: 2, stdout: '' });
  t.regex(budget.stderr, /'soon' is invalid\. A duration is/);
});

test('--help has examples', async (t) => {
  const { code, stdout } = await drill('--help');
  t.is(code, 0);
  t.regex(stdout, /ringleader drill --scenario kill,freeze --budget 3s -- node app\.js/);
});
