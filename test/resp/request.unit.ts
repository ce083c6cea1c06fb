import test from 'ava';
import * as fc from 'fast-check';
import { encodeCommand } from '../../src/resp/encode-command.js';
import { RequestParser } from '../../src/resp/request.js';

const feed = (text: string) => {
  const { commands, error } = new RequestParser().feed(Buffer.from(text, 'latin1'));
  return { commands: commands.map((args) => args.map((arg) => arg.toString('latin1'))), error };
};

test('arrays and inline commands may be mixed; empty ones are skipped', (t) => {
  t.deepEqual(feed("*1\r\n$4\r\nPING\r\n\r\n*0\r\n*-1\r\nset \"a b\" 'c\\'d' \\x\n"), {
    commands: [['PING'], ['set', 'a b', "c'd", '\\x']],
    error: null,
  });
});

for (const [bytes, error] of [
  ['*x\r\n', 'invalid multibulk length'],
  ['*2147483648\r\n', 'invalid multibulk length'],
  ['*1\r\n:1\r\n', "expected '$', got ':'"],
  ['*1\r\n$-1\r\n', 'invalid bulk length'],
  ['*1\r\n$01\r\n', 'invalid bulk length'],
  ['*1\r\n$536870913\r\n', 'invalid bulk length'],
  ['set "a\r\n', 'unbalanced quotes in request'],
  ['a'.repeat(65_537), 'too big inline request'],
  [`*${'1'.repeat(65_536)}`, 'too big mbulk count string'],
  [`*1\r\n$${'1'.repeat(65_536)}`, 'too big bulk count string'],
] as const) {
  test(`${JSON.stringify(bytes.slice(0, 20))}: ${error}`, (t) => {
    t.is(feed(`PING\r\n${bytes}`).error, `ERR Protocol error: ${error}`);
    t.deepEqual(feed(`PING\r\n${bytes}`).commands, [['PING']]);
  });
}

test('commands come out whole however the bytes are cut', (t) => {
  const command = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(fc.array(command), fc.integer({ min: 1, max: 50 }), (sent, step) => {
      const bytes = Buffer.concat(sent.map((args) => encodeCommand(args)));
      const parser = new RequestParser();
      const got: Buffer[][] = [];
      for (let at = 0; at < bytes.length; at += step) {
        const { commands, error } = parser.feed(bytes.subarray(at, at + step));
        t.is(error, null);
        got.push(...commands.map((args) => [...args]));
      }
      t.deepEqual(
        got,
        sent.map((args) => args.map((arg) => Buffer.from(arg))),
      );
    }),
  );
});

test('nothing is read after an error', (t) => {
  const parser = new RequestParser();
  t.not(parser.feed(Buffer.from('*x\r\n')).error, null);
  t.deepEqual(parser.feed(Buffer.from('PING\r\n')), { commands: [], error: null });
});

test('a NUL before the end of an inline command hides that end, as in C', (t) => {
  const parser = new RequestParser();
  t.deepEqual(parser.feed(Buffer.from('PI\0NG\r\nPING\r\n')), { commands: [], error: null });
  const { error } = parser.feed(Buffer.alloc(70_000, 'x'));
  t.is(error, 'ERR Protocol error: too big inline request');
});
