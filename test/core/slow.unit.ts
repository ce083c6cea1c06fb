/** A slow command ends its call, and is named; others never are. */
import test from 'ava';
import { STATUS_DONE, STATUS_REPLY_FULL } from '../../src/core/assembly/layout.js';
import { encodeCommand } from '../../src/resp/encode-command.js';
import { Bench } from './fixtures/bench.js';

const MUCH = 256 * 1024;

interface Outcome {
  readonly status: number;
  /** Of the command of much work; undefined: there was none. */
  readonly name: string | undefined;
  readonly firstArguments: string[];
  readonly left: number;
}

/** One call of the core. */
function call(bench: Bench, ...commands: (string | Uint8Array)[][]): Outcome {
  const { core } = bench;
  const bytes = Buffer.concat(commands.map((args) => encodeCommand(args)));
  const at = core.input(bytes.length);
  core.write(at, bytes);
  const status = core.execute(at, bytes.length, 0, 0);
  const firstArguments = core.slowId === 0 ? [] : core.args().slice(0, 2).map(String);
  const name = firstArguments[0]?.toLowerCase();
  if (name !== undefined && core.idOf(name) !== core.slowId) throw new Error(`it is not ${name}`);
  core.takeReplies();
  return { status, name, firstArguments, left: bytes.length - core.consumed };
}

const SMALL = ['SET', 'a', '1'];

test('small commands are not slow, however many', (t) => {
  const bench = new Bench();
  const outcome = call(bench, ...Array.from({ length: 1000 }, () => SMALL));
  t.like(outcome, { status: STATUS_DONE, name: undefined, left: 0 });
});

test('a long value ends the call, between others that are parsed with it', (t) => {
  const bench = new Bench();
  const long = ['SET', 'long', Buffer.alloc(MUCH, 'x')];
  const outcome = call(bench, SMALL, SMALL, long, SMALL, SMALL);
  t.is(outcome.status, STATUS_REPLY_FULL);
  t.deepEqual(outcome.firstArguments, ['SET', 'long']);
  t.is(outcome.left, 2 * encodeCommand(SMALL).length);
  t.like(call(bench, SMALL), { status: STATUS_DONE, name: undefined });
});

test('many arguments are slow, one less is not', (t) => {
  const bench = new Bench();
  const keys = Array.from({ length: 256 }, (_, i) => `k${i}`);
  t.is(call(bench, ['DEL', ...keys.slice(1)], SMALL).name, undefined);
  t.is(call(bench, ['DEL', ...keys], SMALL).name, 'del');
});

test('what touches a few bytes of a long value is not slow', (t) => {
  const bench = new Bench();
  call(bench, ['SET', 'long', Buffer.alloc(10 * MUCH, 'x')]);
  for (const args of [
    ['GETRANGE', 'long', '100', '109'],
    ['SETRANGE', 'long', '100', 'y'],
    ['SETBIT', 'long', '100', '1'],
    ['GETBIT', 'long', '100'],
    ['BITCOUNT', 'long', '0', '99'],
    ['STRLEN', 'long'],
  ]) {
    t.like(call(bench, SMALL, args, SMALL), { name: undefined, left: 0 }, args.join(' '));
  }
});

test('a small request that goes over a long value is slow', (t) => {
  const bench = new Bench();
  call(bench, ['SET', 'long', Buffer.alloc(10 * MUCH, 'x')]);
  for (const args of [
    ['GET', 'long'],
    ['BITCOUNT', 'long'],
    ['BITPOS', 'long', '1', '0', '-1'],
    ['GETRANGE', 'long', '0', '-1'],
    ['EXPIRE', 'long', '100'],
    ['BITOP', 'NOT', 'other', 'long'],
    ['SETRANGE', 'new', String(MUCH), 'x'],
    ['DEL', 'long'],
  ]) {
    const outcome = call(bench, SMALL, args, SMALL);
    t.is(outcome.name, args[0]?.toLowerCase(), args.join(' '));
    t.is(outcome.left, encodeCommand(SMALL).length);
  }
});
