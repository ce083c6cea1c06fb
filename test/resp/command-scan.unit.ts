import test from 'ava';
import * as fc from 'fast-check';
import { CommandScan } from '../../src/resp/command-scan.js';
import { encodeCommand } from '../../src/resp/encode-command.js';
import { RequestParser } from '../../src/resp/request.js';

const MAX_BULK_BYTES = 1000;

/** @returns what advance() says after each chunk. */
function needs(...chunks: readonly string[]): number[] {
  const scan = new CommandScan();
  const here: Uint8Array[] = [];
  return chunks.map((chunk) => {
    here.push(Buffer.from(chunk, 'latin1'));
    return scan.advance(here, MAX_BULK_BYTES);
  });
}

/** A command, mostly; some bytes of it may be others. */
const bytes = fc
  .tuple(
    fc.array(fc.uint8Array({ maxLength: 12 }), { minLength: 1, maxLength: 12 }),
    fc.array(fc.tuple(fc.nat(), fc.constantFrom(...Buffer.from('\0\r\n$*-0123456789x'))), {
      maxLength: 2,
    }),
  )
  .map(([args, changes]) => {
    const command = encodeCommand(args);
    for (const [at, byte] of changes) command[1 + (at % (command.length - 1))] = byte;
    return command;
  });

test('nothing is to be found in fewer bytes than it asks for, and something in as many', (t) => {
  fc.assert(
    fc.property(
      bytes,
      fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 1 }),
      (sent, cuts) => {
        fc.pre(!/^\*(?:0|-[1-9]\d*)\r/.test(sent.toString('latin1'))); // Empty: the parser skips it.
        const scan = new CommandScan();
        const parser = new RequestParser({ maxBulkBytes: MAX_BULK_BYTES });
        const chunks: Uint8Array[] = [];
        let at = 0;
        for (let i = 0; at < sent.length; i++) {
          const chunk = sent.subarray(at, at + cuts[i % cuts.length]!);
          chunks.push(chunk);
          at = Math.min(sent.length, at + chunk.length);
          const { commands, error } = parser.feed(chunk);
          const isFound = commands.length > 0 || error !== null;
          t.is(scan.advance(chunks, MAX_BULK_BYTES) <= at, isFound, JSON.stringify(String(sent)));
          if (isFound) return;
        }
      },
    ),
    { numRuns: 3000 },
  );
});

test('it asks for the least that the rest can take', (t) => {
  t.deepEqual(
    needs('*3\r\n', '$3\r', '\nSET\r\n', '$1\r\nk\r\n', '$500\r\n', 'x'.repeat(500), '\r\n'),
    [22, 22, 25, 26, 528, 528, 528],
  );
});

test('an inline command, an empty one and a line that will be refused are to be looked at', (t) => {
  for (const [sent, need] of [
    ['PING', 1],
    ['*0\r\n', 4],
    ['*-1\r\n', 5],
    ['*x\r\n', 4],
    ['*1\r\n:1\r\n', 8],
    ['*1\r\n$-1\r\n', 9],
    ['*1\r\n$01\r\n', 9],
    ['*1\r\n$\r\n', 7],
    ['*1\r\n$1001\r\n', 11],
    ['*12345678901\r\n', 14],
  ] as const) {
    t.deepEqual(needs(sent), [need], JSON.stringify(sent));
  }
});

test('a line that does not end is waited for until it is too long', (t) => {
  const opening = '*2\r\n$1\r\nx\r\n$';
  const line = opening.length - 1;
  t.deepEqual(needs(opening, '\0', '1'.repeat(70_000)), [17, line + 65_537, line + 65_537]);
  t.deepEqual(needs(opening, '1'.repeat(65_535), '1'), [17, line + 65_537, line + 65_537]);
});
