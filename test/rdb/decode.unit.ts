import test from 'ava';
import * as fc from 'fast-check';
import { RingleaderError } from '../../src/base/errors.js';
import { RdbDecoder } from '../../src/rdb/decode.js';
import { encodeLength, encodeRdb, encodeString } from '../../src/rdb/encode.js';

interface Loaded {
  readonly aux: Record<string, string>;
  readonly entries: string[];
  readonly libraries: string[];
  readonly skipped: string[];
  readonly done: boolean;
}

/** Decode in pieces of the size given. */
function load(rdb: Uint8Array, pieceBytes = rdb.length): Loaded {
  const loaded = {
    aux: {} as Record<string, string>,
    entries: [] as string[],
    libraries: [] as string[],
    skipped: [] as string[],
  };
  const decoder = new RdbDecoder(
    {
      aux: (name, value) => (loaded.aux[name] = value),
      entry: ({ db, key, value, expireAtMs, idleSeconds, frequency }) =>
        loaded.entries.push(
          `${db} ${key.toString()}=${value?.toString()} ${expireAtMs} ${idleSeconds} ${frequency}`,
        ),
      library: (code) => loaded.libraries.push(code.toString()),
      skipped: (what) => loaded.skipped.push(what),
    },
    { checksum: true },
  );
  for (let at = 0; at < rdb.length; at += Math.max(1, pieceBytes)) {
    decoder.push(Buffer.from(rdb.subarray(at, at + Math.max(1, pieceBytes))));
  }
  return { ...loaded, done: decoder.done };
}

const text = (value: string): Buffer => encodeString(Buffer.from(value));
const info = {
  createdAtSeconds: 5,
  usedMemoryBytes: 6,
  replication: { replid: 'a'.repeat(40), offset: 9, streamDb: 2 },
};
const rdb = (...body: Uint8Array[]): Buffer => Buffer.concat([...encodeRdb(info, body, true)]);

/** One of everything that is supported. */
const everything = rdb(
  Buffer.concat([
    Buffer.of(254),
    encodeLength(0),
    Buffer.of(251),
    encodeLength(3),
    encodeLength(1),
  ]),
  Buffer.concat([Buffer.of(0), text('plain'), text('value')]),
  Buffer.concat([Buffer.of(0), text('-12'), text('70000')]),
  Buffer.concat([Buffer.of(0), text('long'), text('x'.repeat(3000))]),
  Buffer.concat([Buffer.of(245), text('#!lua name=lib\n')]),
  // A module's: its id, when it was saved, and a value of each kind.
  Buffer.concat([
    Buffer.of(247, 0x81, ...Buffer.from('1f9d8a2f6c1bfc01', 'hex'), 2, 1),
    Buffer.of(1, 0x81, 255, 255, 255, 255, 255, 255, 255, 255, 2, 7, 3, 0, 0, 0, 0),
    Buffer.of(4, 0, 0, 0, 0, 0, 0, 0, 0, 5),
    text('of a module'),
    Buffer.of(0),
  ]),
  Buffer.of(244, 1, 2, 3),
  Buffer.concat([Buffer.of(254), encodeLength(15)]),
  Buffer.concat([Buffer.of(252, 0x15, 0xcd, 0x5b, 7, 0, 0, 0, 0, 0), text('ms'), text('1')]),
  Buffer.concat([Buffer.of(253, 100, 0, 0, 0, 0), text('s'), text('2')]),
  Buffer.concat([Buffer.of(248), encodeLength(300), Buffer.of(0), text('idle'), text('3')]),
  Buffer.concat([Buffer.of(249, 17, 0), text('freq'), text('4')]),
);
const expected = [
  '0 plain=value null null null',
  '0 -12=70000 null null null',
  `0 long=${'x'.repeat(3000)} null null null`,
  '15 ms=1 123456789 null null',
  '15 s=2 100000 null null',
  '15 idle=3 null 300 null',
  '15 freq=4 null null 17',
];

test('everything that is supported is read, in pieces of any size', (t) => {
  for (const piece of [1, 2, 3, 7, 64, 1000, everything.length]) {
    const loaded = load(everything, piece);
    t.true(loaded.done);
    t.deepEqual(loaded.entries, expected, `pieces of ${piece}`);
    t.deepEqual(loaded.libraries, ['#!lua name=lib\n']);
    t.deepEqual(loaded.skipped, ['data of the module H52KL2wb_']);
    t.is(loaded.aux['repl-stream-db'], '2');
    t.is(loaded.aux['repl-id'], 'a'.repeat(40));
    t.is(loaded.aux['repl-offset'], '9');
  }
});

test('versions 1 to 12 and Valkey 80 are read', (t) => {
  const body = everything.subarray(9, -8);
  for (const magic of ['REDIS0005', 'REDIS0011', 'REDIS0012', 'REDIS0080', 'VALKEY080']) {
    const file = Buffer.concat([Buffer.from(magic), body, Buffer.alloc(8)]);
    t.deepEqual(load(file).entries, expected, magic);
  }
  t.deepEqual(load(Buffer.concat([Buffer.from('REDIS0001'), body])).entries, expected);
});

test('a checksum of zero is taken for none, a wrong one is refused', (t) => {
  const none = Buffer.concat([...encodeRdb(info, [], false)]);
  t.true(load(none).done);
  const wrong = Buffer.from(everything);
  wrong[wrong.length - 1]! ^= 1;
  t.throws(() => load(wrong), { message: /^Corrupt RDB: CRC error/ });
});

test('what is cut short is not done, and says so', (t) => {
  const decoder = new RdbDecoder({ entry() {} }, { checksum: true });
  decoder.push(everything.subarray(0, everything.length - 1));
  t.false(decoder.done);
  t.throws(() => decoder.end(), { message: 'Corrupt RDB: it ends before its end marker' });
});

for (const [name, bytes, message] of [
  ['another file', Buffer.from('PK\x03\x04 no rdb'), 'wrong signature'],
  ['a newer version', Buffer.from('REDIS0013'), 'RDB format version 0013'],
  ['version 0', Buffer.from('REDIS0000'), 'RDB format version 0000'],
  [
    'a value of a module',
    rdb(Buffer.concat([Buffer.of(7), text('l')])),
    'type 7, module value, is not supported',
  ],
  ['an unknown type', rdb(Buffer.of(77)), 'unknown type 77'],
  ['a foreign version', Buffer.from('REDIS0079'), 'RDB format version 0079'],
  ['a newer Valkey', Buffer.from('VALKEY081'), 'RDB format version 081'],
  ['slots that migrate', rdb(Buffer.of(243)), 'a cluster that migrates slots'],
  ['a kind of module value', rdb(Buffer.of(247, 1, 2, 1, 9)), 'the unknown kind 9'],
  ['a hash whose fields expire', rdb(Buffer.of(24, 1, 97)), 'type 24, hash with expiring fields'],
  [
    'an oversized string',
    rdb(Buffer.concat([Buffer.of(0), encodeLength(2 ** 40)])),
    'a string announces 1099511627776 bytes',
  ],
  ['an unknown string encoding', rdb(Buffer.of(0, 0xff)), 'unknown string encoding 63'],
  ['an unknown length form', rdb(Buffer.of(0, 0x85)), 'unknown length form 133'],
  ['an encoding where a length belongs', rdb(Buffer.of(254, 0xc0)), 'a length was expected'],
  [
    'an end marker after an expiry',
    rdb(Buffer.of(253, 0, 0, 0, 0, 255)),
    'opcode 255 between an expiry and its key',
  ],
] as const) {
  test(`${name} is refused by name`, (t) => {
    t.true(t.throws(() => load(bytes), { code: 'PROTOCOL_ERROR' }).message.includes(message));
  });
}

test('damaged bytes give an error or a wrong checksum, never a crash or a hang', (t) => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(everything.length - 1), fc.integer({ min: 0, max: 255 })), {
        maxLength: 4,
      }),
      fc.integer({ min: 1, max: 200 }),
      (damage, piece) => {
        const bytes = Buffer.from(everything);
        for (const [at, value] of damage) bytes[at] = value;
        try {
          load(bytes, piece);
        } catch (error) {
          t.true(error instanceof RingleaderError, String(error));
        }
      },
    ),
  );
});

test('random bytes behind a good header give an error or wait for more', (t) => {
  const header = rdb().subarray(0, -9);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      try {
        load(Buffer.concat([header, bytes]), 13);
      } catch (error) {
        t.true(error instanceof RingleaderError, String(error));
      }
    }),
  );
});
