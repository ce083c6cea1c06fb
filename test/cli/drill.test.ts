/** `ringleader drill` as its users run it: a process, its output and its exit code. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';

import { type DrillFlags, drillProgram } from '../../src/cli/drill.js';

const main = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
const root = fileURLToPath(new URL('../../../', import.meta.url));

interface Result {
  readonly code: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

function drill(...args: string[]): Promise<Result> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, 'drill', ...args], { cwd: root }, (error, stdout, stderr) =>
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

test('a program is judged from outside: exit code 0 if it passed, 1 if one verdict was not', async (t) => {
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
});

test('wrong input is told in a sentence before anything is done', async (t) => {
  const flags = { scenario: ['kill'], budget: 1, start: 1, set: {} };
  const cases: [string[], Partial<DrillFlags>, RegExp][] = [
    [[], {}, /there is no program to try: put it behind --/],
    [['true'], { scenario: ['kill', 'nope'] }, /no scenario "nope"; the scenarios are kill, /],
    [['true'], { scenario: ['./nowhere.yaml'] }, /cannot use \.\/nowhere\.yaml: ENOENT/],
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
