/** What all commands of the command line have in common, tried as processes. */
import test from 'ava';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { MAIN } from '../support/main.js';

interface Ended {
  readonly code: number | null;
  readonly stderr: string;
}

/** Run a command whose reader goes away: at once, or with the first bytes. */
async function withoutReader(words: readonly string[], when: 'at once' | 'later'): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (bytes: Buffer) => (stderr += String(bytes)));
  if (when === 'at once') child.stdout.destroy();
  else child.stdout.once('data', () => child.stdout.destroy());
  await once(child, 'close');
  return { code: child.exitCode, stderr };
}

const SCRIPTS = ['diff/random', 'lab/backlog/replay-', 'faults', 'readers'].map((name) =>
  fileURLToPath(new URL(`../${name}${name.endsWith('-') ? '' : '/'}main.js`, import.meta.url)),
);

test('the scripts of npm run say how they are used, and refuse what they do not know', async (t) => {
  const bench = fileURLToPath(new URL('../../bench/main.js', import.meta.url));
  await Promise.all(
    [...SCRIPTS, bench].map(async (script) => {
      const help = spawn(process.execPath, [script, '--help']);
      let text = '';
      help.stdout.on('data', (bytes: Buffer) => (text += String(bytes)));
      const wrong = spawn(process.execPath, [script, '--no-such-option'], { stdio: 'ignore' });
      await Promise.all([once(help, 'close'), once(wrong, 'close')]);
      t.regex(text, /^usage: npm run \w+ /, script);
      t.is(help.exitCode, 0, script);
      t.is(wrong.exitCode, 2, script);
    }),
  );
});

const FREE_PORTS = ['--port', '0', '--sentinel-port', '0'];

test('a command whose reader goes away ends quietly, with the exit code of SIGPIPE', async (t) => {
  const quiet = { code: 141, stderr: '' };
  const small = ['--replicas', '0', '--sentinels', '1', ...FREE_PORTS];
  const [up, server, listing, help, sizing] = await Promise.all([
    withoutReader(['up', ...small], 'later'),
    withoutReader(['server', '--port', '0'], 'at once'),
    withoutReader(['drill', '--list'], 'at once'),
    withoutReader(['bench', '--help'], 'at once'),
    withoutReader(['backlog', '--rate', '1mb', '--duration', '1m', '--outage', '1s'], 'at once'),
  ]);
  t.deepEqual(up, quiet);
  t.deepEqual(server, quiet);
  t.deepEqual(listing, quiet);
  t.is(help.stderr, '');
  // On a busy machine it has told how far it is.
  const stderr = sizing.stderr.replace(/^measuring all windows: \d+ %\n/gm, '');
  t.deepEqual({ ...sizing, stderr }, quiet);
});

test('a simulation ends as quietly when its reader goes away', async (t) => {
  const child = spawn(process.execPath, [MAIN, 'sim', '--seed', '42'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (bytes: Buffer) => (stderr += String(bytes)));
  child.stdout.destroy();
  await once(child, 'close');
  t.deepEqual({ code: child.exitCode, stderr }, { code: 141, stderr: '' });
});

test('a reader of stderr that goes away ends a command as well', async (t) => {
  const child = spawn(process.execPath, [MAIN, 'up', '--replicas', '99'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  child.stderr.destroy();
  await once(child, 'close');
  t.is(child.exitCode, 141);
});

test('wrong usage of any command is one sentence and exit code 2; of server, redis-server’s', async (t) => {
  const wrong = [
    ['no-such-command'],
    ['up', '--no-such-option'],
    ['up', '--replicas', '99', ...FREE_PORTS],
    ['up', '--config', 'no-such-file.yaml'],
    ['bench', '--runs', 'many'],
    ['backlog', '--rate', 'much'],
    ['drill', '--scenario', 'no-such-scenario', '--', 'true'],
    ['server', '--no-such-directive', '1'],
  ];
  await Promise.all(
    wrong.map(async (words) => {
      const child = spawn(process.execPath, [MAIN, ...words], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const output = { stdout: '', stderr: '' };
      child.stdout.on('data', (bytes: Buffer) => (output.stdout += String(bytes)));
      child.stderr.on('data', (bytes: Buffer) => (output.stderr += String(bytes)));
      await once(child, 'close');
      t.is(child.exitCode, words[0] === 'server' ? 1 : 2, words.join(' '));
      t.is(output.stdout, '', words.join(' '));
      t.notRegex(output.stderr, /^ +at /m, words.join(' '));
      t.true(output.stderr.split('\n').length <= 6, output.stderr);
    }),
  );
});
