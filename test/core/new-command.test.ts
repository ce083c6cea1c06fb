/**
 * What it takes to add a command to the core: its spec, its function, and the line of the spec that
 * binds the two.
 */
import test from 'ava';
import { allKeys, core as inCore } from '../../src/commands/facts.js';
import type { CommandSpec } from '../../src/commands/spec.js';
import { FLAG_GATE_WRITES, STATUS_COMMAND, STATUS_DONE } from '../../src/core/assembly/layout.js';
import { encodeCommand } from '../../src/resp/encode-command.js';
import { ownCore } from './fixtures/own-build.js';

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
  const found = lookupWrite(arg(1), argLength(1));
  const length = <u32>(writeSigned(DIGITS, argLength(1)) - DIGITS);
  if (!setFound(found, arg(1), argLength(1), DIGITS, length, NO_EXPIRY)) {
    outOfMemory();
    return;
  }
  addDirty(1);
  propagateVerbatim();
  replyInteger(argLength(1));
}
`;

test('a spec and a function make a command of the core', async (t) => {
  const makeCore = await ownCore([setlen], { 'commands/strings.ts': FUNCTION }, 'release');
  const core = makeCore();
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
