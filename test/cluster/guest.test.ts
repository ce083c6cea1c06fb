/** A cluster as a guest in a user's process: the flags it was started with, and what it leaves. */
import test from 'ava';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const LIBRARY = new URL('../../src/index.js', import.meta.url).href;
const PROGRAM = `
import { Cluster } from '${LIBRARY}';
const cluster = await Cluster.start({ replicas: 0, sentinels: 1 });
await cluster.client().set('key', 'value');
console.log(await cluster.client().get('key'));
await cluster.stop();
`;

/** Five clusters, one after the other, with 50 MB and 30 clients each; tells the RSS after each. */
const FIVE_CLUSTERS = `
import { Cluster } from '${LIBRARY}';
const value = Buffer.alloc(1024 * 1024);
const megabytes = [];
for (let round = 0; round < 5; round += 1) {
  const cluster = await Cluster.start({ replicas: 0, sentinels: 1 });
  const clients = Array.from({ length: 30 }, () =>
    cluster.client({ retryForMs: 60_000 }));
  await Promise.all(Array.from({ length: 50 }, (_, i) => clients[i % 30].set('key' + i, value)));
  clients[0].close();
  await cluster.stop();
  megabytes.push(process.memoryUsage().rss / 1024 / 1024);
}
console.log(JSON.stringify({ megabytes, left: process.getActiveResourcesInfo() }));
`;

/**
 * Run Node in a directory of its own, which holds two hooks; resolves when the process has ended.
 */
async function run(
  args: readonly string[],
  dir: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ code: number | null; output: string }> {
  const hook = `console.log('hook in', new URL(import.meta.url).pathname.slice(-5))`;
  await writeFile(path.join(dir, 'h.mjs'), hook);
  await writeFile(path.join(dir, 'h.cjs'), `console.log('hook in h.cjs')`);
  await writeFile(path.join(dir, 'run.mjs'), PROGRAM);
  return outputOf(spawn(process.execPath, args, { cwd: dir, env }));
}

function shell(script: string, dir: string): Promise<{ code: number | null; output: string }> {
  return outputOf(spawn('bash', ['-c', script], { cwd: dir }));
}

function outputOf(
  child: ChildProcessWithoutNullStreams,
): Promise<{ code: number | null; output: string }> {
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  child.stderr.on('data', (data) => (output += data));
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, output }));
  });
}

async function inDirectory(use: (dir: string) => Promise<void>): Promise<void> {
  const dir = await mkdtemp(path.join(tmpdir(), 'ringleader-guest-'));
  try {
    await use(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

test("a program's own flags are not its cluster's: hooks run once, a module may come from -e", (t) =>
  inDirectory(async (dir) => {
    const flags = ['--input-type=module', '--import', './h.mjs', '-r', './h.cjs', '-e', PROGRAM];
    const { code, output } = await run(flags, dir);
    t.is(code, 0, output);
    t.deepEqual(output.trim().split('\n').toSorted(), ['hook in h.cjs', 'hook in h.mjs', 'value']);
  }));

test('NODE_OPTIONS likewise', (t) =>
  inDirectory(async (dir) => {
    const NODE_OPTIONS = '--import ./h.mjs --max-old-space-size=400 --title=guest';
    const { code, output } = await run(['run.mjs'], dir, { ...process.env, NODE_OPTIONS });
    t.is(code, 0, output);
    t.deepEqual(output.trim().split('\n'), ['hook in h.mjs', 'value']);
  }));

test('what helps to see into threads is theirs too: a profile each, a debugger', (t) =>
  inDirectory(async (dir) => {
    const flags = ['--cpu-prof', '--cpu-prof-dir', 'profiles', '--inspect=0', 'run.mjs'];
    const { code, output } = await run(flags, dir);
    t.is(code, 0, output);
    t.true(output.endsWith('value\n'), output);
    const profiles = await readdir(path.join(dir, 'profiles'));
    t.is(profiles.length, 3, 'the main thread, a node, a sentinel');
  }));

test('stop() gives memory back and leaves no timer; any number of clients is no leak', (t) =>
  inDirectory(async (dir) => {
    const { code, output } = await run(['--input-type=module', '-e', FIVE_CLUSTERS], dir);
    t.is(code, 0, output);
    const { megabytes, left } = JSON.parse(output);
    t.deepEqual(
      left.filter((resource: string) => !resource.endsWith('Wrap')),
      [],
    );
    // What four clusters held is 200 MB; when it is collected is V8's to say.
    t.true(megabytes[4]! - megabytes[0]! < 150, `four clusters later: ${megabytes.join(', ')} MB`);
  }));

test('nothing is left of a failover by hand either', (t) =>
  inDirectory(async (dir) => {
    const program = `
import { Cluster } from '${LIBRARY}';
const cluster = await Cluster.start({ replicas: 1, sentinels: 1 });
await cluster.failover();
await cluster.stop();
console.log(JSON.stringify(process.getActiveResourcesInfo().filter((name) => name === 'Timeout')));
`;
    await writeFile(path.join(dir, 'failover.mjs'), program);
    t.deepEqual(await shell(`${process.execPath} failover.mjs`, dir), { code: 0, output: '[]\n' });
  }));

test('too little address space is a sentence that says what is needed, not a stack or an abort', (t) =>
  inDirectory(async (dir) => {
    if (process.platform !== 'linux') {
      t.pass('no other system tells');
      return;
    }
    await run(['--version'], dir); // Writes the program.
    const limited = (node: string): Promise<{ code: number | null; output: string }> =>
      shell(`ulimit -v 8000000 && exec "${process.execPath}" ${node}`, dir);
    const caught = `import('${LIBRARY}').then(({ Cluster }) => Cluster.start()).catch((error) =>
      console.log(error.code, error.message))`;
    const { code, output } = await limited(`-e "${caught}"`);
    t.is(code, 0, output);
    t.regex(output, /^OUT_OF_MEMORY 3 nodes and 3 sentinels need .* GiB.* may have 7\.63 GiB/);
    // A lone node and a sentinel fit without guards.
    const fits = await limited('--disable-wasm-trap-handler run.mjs');
    t.is(fits.output, 'value\n');
  }));
