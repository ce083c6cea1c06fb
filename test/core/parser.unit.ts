/** Requests in pieces, requests that are none, and the limits, as Redis 7.0.15 has them. */
import * as fc from 'fast-check';
import test from 'ava';
import {
  FLAG_APPLY,
  FLAG_GATE_ALL,
  FLAG_GATE_WRITES,
  FLAG_NO_REPLY,
  FLAG_UNAUTHENTICATED,
  STATUS_COMMAND,
  STATUS_DONE,
  STATUS_PROTOCOL_ERROR,
  STATUS_REPLY_FULL,
} from '../../src/core/assembly/layout.js';
import { encodeCommand } from '../../src/resp/encode-command.js';
import { Bench } from './fixtures/bench.js';

const PIPELINE =
  '*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$12\r\nfirst\r\nvalue\r\n' +
  '*2\r\n$3\r\nget\r\n$1\r\nk\r\n' +
  '*0\r\n*-5\r\n\r\n' +
  'SET inline "with \\x41 \\"quotes\\"\\n" EX 100\r\n' +
  "get inline\nappend k ' it\\'s'\r\n" +
  '*2\r\n$4\r\nPING\r\n$2\r\nhi\r\n' +
  '*1\r\n$4\r\nPING\r\n*3\r\n$4\r\nMGET\r\n$1\r\nk\r\n$4\r\nnone\r\n';
const ANSWERS =
  '+OK\r\n$12\r\nfirst\r\nvalue\r\n+OK\r\n$16\r\nwith A "quotes"\n\r\n:17\r\n' +
  "+PONG\r\n*2\r\n$17\r\nfirst\r\nvalue it's\r\n$-1\r\n";

/** Feed bytes that arrive in pieces, keeping what a call left, and asking `need` as a host does. */
function feedPieces(
  bench: Bench,
  pieces: readonly Buffer[],
): { replies: string; handed: string[] } {
  let held: Buffer = Buffer.alloc(0);
  let need = 0;
  let replies = '';
  const handed: string[] = [];
  for (const piece of pieces) {
    held = Buffer.concat([held, piece]);
    if (held.length < need) continue;
    let status: number;
    do {
      const fed = bench.raw(held);
      status = fed.status;
      replies += fed.replies;
      if (status === STATUS_COMMAND) handed.push(bench.core.args().join(' '));
      held = held.subarray(bench.core.consumed);
    } while (status === STATUS_COMMAND || status === STATUS_REPLY_FULL);
    need = bench.core.need;
  }
  return { replies, handed };
}

test('a pipeline gives the same wherever it is cut', (t) => {
  const bytes = Buffer.from(PIPELINE, 'latin1');
  for (let cut = 0; cut <= bytes.length; cut++) {
    const got = feedPieces(new Bench(), [bytes.subarray(0, cut), bytes.subarray(cut)]);
    t.is(got.replies, ANSWERS, `cut at ${cut}`);
    t.deepEqual(got.handed, ['PING hi']);
  }
});

test('a pipeline gives the same byte by byte', (t) => {
  const bytes = [...Buffer.from(PIPELINE, 'latin1')].map((byte) => Buffer.from([byte]));
  t.deepEqual(feedPieces(new Bench(), bytes), { replies: ANSWERS, handed: ['PING hi'] });
});

test('need is never more than what the command takes', (t) => {
  const { core } = new Bench();
  const bytes = encodeCommand(['SET', 'key', 'x'.repeat(300), 'EX', '100']);
  for (let length = 1; length < bytes.length; length++) {
    const at = core.input(length);
    core.write(at, bytes.subarray(0, length));
    t.is(core.execute(at, length, 0, 0), STATUS_DONE);
    t.is(core.consumed, 0);
    t.true(core.need > length && core.need <= bytes.length, `${length}: ${core.need}`);
  }
});

test('a value of 64 MB in 64 KB pieces is parsed twice', (t) => {
  const bench = new Bench();
  const value = Buffer.alloc(64 << 20, 'v');
  const head = Buffer.from(`*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$${value.length}\r\n`);
  t.is(bench.raw(Buffer.concat([head, value.subarray(0, 65536)])).status, STATUS_DONE);
  t.is(bench.core.need, head.length + value.length + 2);
  bench.raw(Buffer.concat([head, value, Buffer.from('\r\n')]));
  t.is(bench.core.consumed, head.length + value.length + 2);
  t.is(bench.run('STRLEN k'), `:${value.length}\r\n`);
});

test('a command of 200,000 arguments in 64 KB pieces is parsed a few times', (t) => {
  const bench = new Bench();
  const bytes = encodeCommand(['MGET', ...Array.from({ length: 200_000 }, (_, i) => `key:${i}`)]);
  let calls = 0;
  for (let have = 65536; have < bytes.length; have += 65536) {
    if (have < bench.core.need) continue;
    bench.raw(bytes.subarray(0, have));
    calls++;
    t.is(bench.core.consumed, 0);
  }
  t.true(calls <= 12, `${calls} times`);
  t.is(bench.raw(bytes).replies.length, '*200000\r\n'.length + 200_000 * 5);
});

test('what is no request gets its error', (t) => {
  const long = 'x'.repeat(65_537);
  const cases: [string, string, number?][] = [
    ['*x\r\n', 'invalid multibulk length'],
    ['*\r\n', 'invalid multibulk length'],
    ['*1x\r\n', 'invalid multibulk length'],
    ['*01\r\n', 'invalid multibulk length'],
    ['*2147483648\r\n', 'invalid multibulk length'],
    ['*1\r\n+PING\r\n', "expected '$', got '+'"],
    ['*1\r\n\r\nPING\r\n', "expected '$', got ' '"],
    ['*1\r\n$-1\r\n', 'invalid bulk length'],
    ['*1\r\n$x\r\n', 'invalid bulk length'],
    ['*1\r\n$\r\n', 'invalid bulk length'],
    ['*1\r\n$536870913\r\n', 'invalid bulk length'],
    [`*${long}`, 'too big mbulk count string'],
    [`*1\r\n$${long}`, 'too big bulk count string'],
    [long, 'too big inline request'],
    ['get "a\r\n', 'unbalanced quotes in request'],
    ["get 'a\r\n", 'unbalanced quotes in request'],
    ['get "a"b\r\n', 'unbalanced quotes in request'],
    ['*11\r\n', 'unauthenticated multibulk length', FLAG_UNAUTHENTICATED],
    ['*1\r\n$16385\r\n', 'unauthenticated bulk length', FLAG_UNAUTHENTICATED],
  ];
  for (const [input, expected, flags] of cases) {
    const { status, replies } = new Bench().raw(input, flags);
    t.is(status, STATUS_PROTOCOL_ERROR, input.slice(0, 30));
    t.is(replies, `-ERR Protocol error: ${expected}\r\n`);
  }
});

test('at the limits there is no error', (t) => {
  const long = 'x'.repeat(65_536);
  for (const [input, flags] of [
    ['*2147483647\r\n', 0],
    ['*1\r\n$536870912\r\n', 0],
    [`*${long.slice(1)}`, 0],
    [long, 0],
    ['*10\r\n', FLAG_UNAUTHENTICATED],
    ['*1\r\n$16384\r\n', FLAG_UNAUTHENTICATED],
    // A NUL hides the line's end until the line is too long.
    ['*1\0\r\n', 0],
    ['get\0\r\n', 0],
  ] as const) {
    const bench = new Bench();
    t.deepEqual(bench.raw(input, flags), { status: STATUS_DONE, replies: '' }, input.slice(0, 20));
    t.is(bench.core.consumed, 0);
  }
});

test('commands before an error are answered', (t) => {
  const { status, replies } = new Bench().raw('PING\r\n*x\r\nPING\r\n');
  t.is(status, STATUS_PROTOCOL_ERROR);
  t.is(replies, '+PONG\r\n-ERR Protocol error: invalid multibulk length\r\n');
});

test('inline words are split and unquoted as sdssplitargs() does', (t) => {
  for (const [line, words] of [
    ['  echo   a\tb  ', ['echo', 'a', 'b']],
    ['echo ""', ['echo', '']],
    ['echo \'\' ""', ['echo', '', '']],
    ['echo "\\n\\r\\t\\b\\a\\\\\\"\\q"', ['echo', '\n\r\t\b\x07\\"q']],
    ['echo "\\x41\\x4g\\xff"', ['echo', 'Ax4g\xff']],
    ["echo 'a\\'b\\n'", ['echo', "a'b\\n"]],
    ['echo a"b c"', ['echo', 'ab c']],
    ['echo a\vb', ['echo', 'a\vb']],
  ] as const) {
    const bench = new Bench();
    t.is(bench.raw(`${line}\r\n`, FLAG_GATE_ALL).status, STATUS_COMMAND, line);
    t.deepEqual(
      bench.core.args().map((arg) => arg.toString('latin1')),
      [...words],
      line,
    );
  }
});

test('gates hand over: writes, or all commands', (t) => {
  const bench = new Bench();
  const { core } = bench;
  const input = Buffer.concat([encodeCommand(['SET', 'k', 'v']), encodeCommand(['GET', 'k'])]);
  t.deepEqual(bench.raw(input, FLAG_GATE_WRITES), { status: STATUS_COMMAND, replies: '' });
  t.deepEqual(core.args().map(String), ['SET', 'k', 'v']);
  t.is(bench.raw(input.subarray(core.consumed), FLAG_GATE_WRITES).replies, '$-1\r\n');
  t.is(bench.raw(encodeCommand(['GET', 'k']), FLAG_GATE_ALL).status, STATUS_COMMAND);
  t.deepEqual(core.args().map(String), ['GET', 'k']);
});

test("some calls of PING and SELECT are the core's, the others the host's", (t) => {
  const bench = new Bench();
  for (const command of ['PING hello', 'SELECT 1', 'PUBLISH l x']) {
    t.is(bench.raw(`${command}\r\n`).status, STATUS_COMMAND, command);
  }
  t.deepEqual(bench.raw('PING\r\n'), { status: STATUS_DONE, replies: '+PONG\r\n' });
  const select = encodeCommand(['SELECT', '1']);
  t.deepEqual(bench.raw(select, FLAG_APPLY), { status: STATUS_DONE, replies: '' });
  t.is(bench.core.streamDb, 1);
});

test('CLIENT REPLY OFF executes and is silent', (t) => {
  const bench = new Bench();
  t.is(bench.raw('SET k v\r\nGET k\r\nGET\r\n', FLAG_NO_REPLY).replies, '');
  t.is(bench.run('GET k'), '$1\r\nv\r\n');
});

test('replies are given out in parts, and a huge one whole', (t) => {
  const bench = new Bench();
  const value = 'x'.repeat(100_000);
  bench.run(['SET', 'k', value]);
  const gets = Buffer.concat(Array.from({ length: 10 }, () => encodeCommand(['GET', 'k'])));
  const first = bench.raw(gets);
  t.is(first.status, STATUS_REPLY_FULL);
  t.is(first.replies.length, 3 * 100_011);
  t.is(bench.feed(gets).replies.length, 10 * 100_011);
  const all = bench.raw(encodeCommand(['MGET', ...Array.from({ length: 50 }, () => 'k')]));
  t.is(all.status, STATUS_DONE);
  t.is(all.replies.length, 5 + 50 * 100_011);
  t.is(bench.run('GET k').length, 100_011);
});

test('a stream with an inline command is no stream', (t) => {
  t.is(new Bench().raw('\r\n\n', FLAG_APPLY).status, STATUS_DONE);
  t.is(new Bench().raw('SET k v\r\n', FLAG_APPLY).status, STATUS_PROTOCOL_ERROR);
});

test('hostile bytes are answered or refused, and the core goes on', (t) => {
  const bench = new Bench();
  const piece = fc.oneof(
    fc.constantFrom('*', '$', '\r\n', '\n', '\r', '\0', '-1', '0', '3', '"', "'", '\\x', ' '),
    fc.constantFrom('*3\r\n$3\r\nSET\r\n', '$1\r\nk\r\n', 'GET', '*1\r\n$4\r\nPING\r\n', 'MSET'),
    fc.nat(0xffffffff).map(String),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.nat(127), (pieces, flags) => {
      const { status } = bench.raw(pieces.join(''), flags);
      t.true(status >= 0 && status <= STATUS_REPLY_FULL);
    }),
    { numRuns: 3000 },
  );
  t.is(bench.run('PING'), '+PONG\r\n');
});
