/** The manifest of an append-only file: what is read, what is refused, what is written. */
import test from 'ava';
import * as fc from 'fast-check';
import {
  EMPTY_MANIFEST,
  formatManifest,
  type Manifest,
  parseManifest,
  partsOf,
  withNewBase,
  withNewIncr,
  withRewrittenIncrs,
} from '../../src/persistence/manifest.js';
import { RingleaderError } from '../../src/base/errors.js';

const NAME = 'appendonly.aof';

test('the example in the sources of Redis is read and written alike', (t) => {
  const text = [
    'file appendonly.aof.2.base.rdb seq 2 type b',
    'file appendonly.aof.1.incr.aof seq 1 type h',
    'file appendonly.aof.2.incr.aof seq 2 type h',
    'file appendonly.aof.4.incr.aof seq 4 type i',
    'file appendonly.aof.5.incr.aof seq 5 type i',
    '',
  ].join('\n');
  const manifest = parseManifest(text);
  t.is(formatManifest(manifest), text);
  t.deepEqual(
    partsOf(manifest).map(({ name }) => name),
    [`${NAME}.2.base.rdb`, `${NAME}.4.incr.aof`, `${NAME}.5.incr.aof`],
  );
});

test('comments, further pairs, upper case, blanks and quotes are taken', (t) => {
  const text = '# a note\n  FILE "a b.aof" seq 3 TYPE incr newer "thing"  \r\n';
  const manifest = parseManifest(text);
  t.deepEqual(manifest.incrs, [{ name: 'a b.aof', seq: 3 }]);
  t.is(formatManifest(manifest), 'file "a b.aof" seq 3 type i\n');
});

const REFUSED: readonly (readonly [string, RegExp])[] = [
  ['', /Found an empty AOF manifest/],
  ['\n', /at line 1.*Invalid AOF manifest file format/],
  ['file a seq 1 type b', /contains too long line/],
  ['file a seq 1 type b\nfile c seq 1 type i', /at line 2.*too long line/],
  [`file ${'a'.repeat(1100)} seq 1 type b\n`, /too long line/],
  ['file a seq 1 type\n', /Invalid AOF manifest file format/],
  ['file a seq 1 type b extra\n', /Invalid AOF manifest file format/],
  ['file "a seq 1 type b\n', /Invalid AOF manifest file format/],
  ['file a seq x type b\n', /Invalid AOF manifest file format/],
  ['file a seq 99999999999999999999 type i\n', /Invalid AOF manifest file format/],
  ['file "" seq 1 type b\n', /Invalid AOF manifest file format/],
  ['file a seq 1 type x\n', /Unknown AOF file type/],
  ['file ../a seq 1 type b\n', /File can't be a path/],
  ['file a\\b seq 1 type b\n', /File can't be a path/],
  ['file a seq 1 type b\nfile b seq 2 type b\n', /at line 2.*duplicate base/],
  ['file a seq 2 type i\nfile b seq 2 type i\n', /non-monotonic/],
  ['file a seq 2 type i\nfile b seq 1 type i\n', /non-monotonic/],
];

test('what Redis refuses is refused in its words, with the line', (t) => {
  for (const [text, message] of REFUSED) t.throws(() => parseManifest(text), { message }, text);
});

test('whatever the bytes, there is a manifest or a refusal; cut anywhere too', (t) => {
  const words = fc.constantFrom('file', 'seq', 'type', 'b', 'i', 'h', '1', '2', '-1', '"', 'a b');
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(fc.tuple(words, fc.constantFrom(' ', '\n', ' ', '\t')))
      .map((pairs) => pairs.flat().join('')),
    fc.nat(88).map((length) => formatManifest(grown(2)).slice(0, length)),
  );
  fc.assert(
    fc.property(text, (each) => {
      try {
        const manifest = parseManifest(each);
        t.deepEqual(parseManifest(formatManifest(manifest) || '# none\n'), manifest);
      } catch (error) {
        if (!(error instanceof RingleaderError)) throw error;
      }
    }),
  );
  t.pass();
});

function grown(increments: number): Manifest {
  let manifest = withNewBase(EMPTY_MANIFEST, NAME, true);
  for (let i = 0; i < increments; i++) manifest = withNewIncr(manifest, NAME);
  return manifest;
}

test('after a rewrite base and increments are history, the one being written is not', (t) => {
  const after = withRewrittenIncrs(withNewBase(grown(3), NAME, false), true);
  t.deepEqual(after.base, { name: `${NAME}.2.base.aof`, seq: 2 });
  t.deepEqual(after.incrs, [{ name: `${NAME}.3.incr.aof`, seq: 3 }]);
  t.deepEqual(
    after.history.map(({ name }) => name),
    [`${NAME}.1.incr.aof`, `${NAME}.2.incr.aof`, `${NAME}.1.base.rdb`],
  );
  t.deepEqual(withRewrittenIncrs(grown(2), false).incrs, []);
});

test('a number is not given twice', (t) => {
  const emptied = { ...withRewrittenIncrs(grown(2), false), history: [] };
  t.is(withNewIncr(emptied, NAME).incrs.at(-1)?.seq, 3);
});
