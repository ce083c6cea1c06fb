/**
 * What it takes to add a command to the core: its spec, its function, and the line of the spec that
 * binds the two. A core with one command more is built apart, and has it.
 */
import test from 'ava';
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { coreBindings } from '../../src/core/bindings.js';
import { standardCommands } from '../../src/commands/index.js';
import { allKeys, core as inCore } from '../../src/commands/facts.js';
import type { CommandSpec } from '../../src/commands/spec.js';
import { FLAG_GATE_WRITES, STATUS_COMMAND, STATUS_DONE } from '../../src/core/assembly/layout.js';
import { Core, type CoreModule } from '../../src/core/core.js';
import { encodeCommand } from '../../src/resp/encode-command.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

const setlen = {
  name: 'setlen',
  group: 'string',
  since: '1.0.0',
  summary: "Store a key's own length",
  complexity: 'O(1)',
  arity: -2,
  flags: ['write', 'denyoom'],
  acl: ['string'],
  keys: allKeys(1, 'OW', 'update'),
  run: inCore('strings', 'setlen'),
} as const satisfies CommandSpec;

const FUNCTION = `
export function setlen(): void {
  const length = <u32>(writeSigned(DIGITS, argLength(1)) - DIGITS);
  if (!setFound(lookupWrite(arg(1), argLength(1)), arg(1), argLength(1), DIGITS, length, NO_EXPIRY)) {
    outOfMemory();
    return;
  }
  addDirty(1);
  propagateVerbatim();
  replyInteger(argLength(1));
}
`;

function compileWith(spec: CommandSpec, code: string, folder: string): Promise<CoreModule> {
  cpSync(`${root}src/core/assembly`, `${folder}/assembly`, { recursive: true });
  appendFileSync(`${folder}/assembly/commands/strings.ts`, code);
  const bindings = coreBindings([...standardCommands, spec]);
  writeFileSync(`${folder}/assembly/commands/bindings.ts`, bindings);
  const compiler = `${root}node_modules/assemblyscript/bin/asc.js`;
  const transform = `${root}scripts/inline-transform.mjs`;
  const config = path.join(folder, 'assembly/asconfig.json');
  const options = ['--config', config, '--transform', transform, '-O0', '-o', 'core.wasm'];
  execFileSync(process.execPath, [compiler, 'assembly/index.ts', ...options], { cwd: folder });
  return WebAssembly.compile(readFileSync(`${folder}/core.wasm`));
}

test('a spec and a function make a command of the core', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ringleader-core-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const module = await compileWith(setlen, FUNCTION, folder);
  const core = new Core(module, Core.createMemory(), {
    databases: 1,
    backlogBytes: 16_384,
    maxmemoryBytes: 0,
    seed: 1,
  });
  const run = (...args: string[]): string => {
    t.is(core.run(args, 0, 0), STATUS_DONE);
    return core.takeReplies().toString();
  };
  t.is(run('SetLen', 'four'), ':4\r\n');
  t.is(run('GET', 'four'), '$1\r\n4\r\n');
  const published = core.head();
  t.is(run('setlen'), "-ERR wrong number of arguments for 'setlen' command\r\n");
  t.is(core.head(), published);
  t.deepEqual(core.commandCounters(core.idOf('setlen')), { calls: 1, failed: 0, rejected: 1 });
  t.is(run('setlen', 'key'), ':3\r\n');
  t.is(core.head() - published, encodeCommand(['setlen', 'key']).length);
  // Its flags count: it is gated as a write, and refused when there is no memory.
  t.is(core.run(['setlen', 'key'], FLAG_GATE_WRITES, 0), STATUS_COMMAND);
  core.setMaxmemory(1);
  t.regex(run('setlen', 'key'), /^-OOM /);
});
