/**
 * Commands of an append-only file, in pieces of every size: what is run, what is wrong and where.
 */
import test from 'ava';
import * as fc from 'fast-check';
import { Core, type CoreModule } from '../../src/core/core.js';
import { Keyspace } from '../../src/keyspace/keyspace.js';
import { AofCommands, type AofFault } from '../../src/persistence/aof-commands.js';
import { encodeCommand } from '../../src/resp/encode-command.js';

let module: CoreModule;
test.before(async () => {
  module = await Core.compile();
});

function load(file: Buffer, pieceBytes = file.length) {
  const core = new Core(module, Core.createMemory(), {
    databases: 16,
    backlogBytes: 65_536,
    maxmemoryBytes: 0,
    seed: 7,
  });
  const keyspace = new Keyspace(core);
  core.setNow(1_000_000);
  core.setStreamDb(0);
  const handedOver: string[] = [];
  const commands = new AofCommands(
    core,
    (args, db) => {
      handedOver.push(`${db}: ${args.join(' ')}`);
      return String(args[0]) !== 'nonsense';
    },
    0,
  );
  let fault: AofFault | null = null;
  for (let at = 0; at < file.length && fault === null; at += pieceBytes) {
    fault = commands.push(file.subarray(at, at + pieceBytes));
  }
  fault ??= commands.end();
  const get = (key: string, db = 0): string | undefined =>
    keyspace.db(db).peekString(Buffer.from(key))?.toString();
  return { fault, validUpTo: commands.validUpTo, get, handedOver, core, keyspace };
}

const file = (...commands: (readonly string[] | string)[]): Buffer =>
  Buffer.concat(
    commands.map((each) =>
      typeof each === 'string' ? Buffer.from(each) : Buffer.from(encodeCommand(each)),
    ),
  );

const BODY = file(
  ['SELECT', '0'],
  ['set', 'a', '1'],
  '#TS:1700000000\r\n',
  ['SELECT', '3'],
  ['MULTI'],
  ['SET', 'b', '\r\n#no note\r\n'],
  '#TS:1700000001\r\n',
  ['INCR', 'n'],
  ['EXEC'],
  ['COPY', 'b', 'c'],
  ['REPLCONF', 'GETACK', '*'],
  ['multi'],
  ['INCR', 'n'],
  ['exec'],
);

test('all is run, whatever the pieces; nothing goes into the stream', (t) => {
  for (const pieceBytes of [1, 2, 7, 16, 61, BODY.length]) {
    const { fault, validUpTo, get, handedOver, core } = load(BODY, pieceBytes);
    t.is(fault, null);
    t.is(validUpTo, BODY.length);
    t.is(get('a'), '1');
    t.is(get('b', 3), '\r\n#no note\r\n');
    t.is(get('n', 3), '2');
    t.deepEqual(handedOver, ['3: COPY b c']);
    t.is(core.head(), 0);
  }
});

test('a value larger than a piece is put together', (t) => {
  const value = 'x'.repeat(100_000);
  const { fault, get } = load(
    file(['SET', 'big', value], ['MULTI'], ['SET', 'too', value], ['EXEC']),
    999,
  );
  t.is(fault, null);
  t.is(get('big'), value);
  t.is(get('too'), value);
});

test('keys whose time has come are kept: their DEL is in the file, if they were deleted', (t) => {
  const { get, keyspace } = load(file(['SET', 'k', 'v', 'PXAT', '999999'], ['APPEND', 'k', 'w']));
  t.is(keyspace.db(0).size(), 1);
  t.is(get('k'), undefined, 'and expired for readers');
});

test('cut anywhere: what is whole is run, the rest is said to be cut', (t) => {
  const prefix = file(['SET', 'a', '1'], ['SET', 'a', '2']);
  const transaction = file(['MULTI'], ['SET', 'a', '3'], ['SET', 'b', '3'], ['EXEC']);
  const all = Buffer.concat([prefix, transaction]);
  fc.assert(
    fc.property(fc.nat(all.length - 1), fc.integer({ min: 1, max: 40 }), (length, pieceBytes) => {
      const { fault, validUpTo, get } = load(all.subarray(0, length), pieceBytes);
      const first = prefix.length / 2;
      const whole = length >= prefix.length ? prefix.length : length >= first ? first : 0;
      t.is(validUpTo, whole);
      t.is(get('a'), whole === 0 ? undefined : whole === first ? '1' : '2');
      t.is(get('b'), undefined);
      if (length === whole) t.is(fault, null);
      else t.is(fault?.type, 'cut');
    }),
  );
});

test('what is no command is a fault, after what precedes it was run', (t) => {
  const good = file(['SET', 'a', '1']);
  for (const bad of ['hello\r\n', '*1\r\n+PING\r\n', '*x\r\n', '*1\r\n$x\r\n']) {
    const { fault, get } = load(file(good.toString(), bad, ['SET', 'a', '2']));
    t.is(fault?.type, 'format', bad);
    t.is(get('a'), '1');
  }
  t.deepEqual(load(file(['nonsense', 'x'])).fault, { type: 'unknown-command', name: 'nonsense' });
  t.deepEqual(load(file(['MULTI'], ['nonsense'], ['EXEC'])).fault, {
    type: 'unknown-command',
    name: 'nonsense',
  });
});

test('whatever the bytes, it ends with a fault or without, and loads no half', (t) => {
  const damaged = fc.tuple(fc.nat(BODY.length - 1), fc.nat(255)).map(([at, byte]) => {
    const bytes = Buffer.from(BODY);
    bytes[at] = byte;
    return bytes;
  });
  fc.assert(
    fc.property(damaged, fc.integer({ min: 1, max: 300 }), (bytes, pieceBytes) => {
      const { validUpTo } = load(bytes, pieceBytes);
      t.true(validUpTo <= bytes.length);
    }),
  );
});

test('a tail that is no beginning of a command is refused as Redis refuses it, not cut off', (t) => {
  const begun = file(['SET', 'a', '1']);
  for (const tail of ['junk', '\0\0\0\0\0\0', '$3\r\nSE', 'SET b']) {
    for (const pieceBytes of [1, 7, 1000]) {
      const { fault, get } = load(Buffer.concat([begun, Buffer.from(tail)]), pieceBytes);
      t.deepEqual(fault, { type: 'format' }, JSON.stringify(tail));
      t.is(get('a'), '1');
    }
  }
  for (const tail of ['*', '*3\r\n$3\r\nS', '#TS:1']) {
    t.is(load(Buffer.concat([begun, Buffer.from(tail)])).fault?.type, 'cut', tail);
  }
});
