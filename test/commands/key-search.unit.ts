import test from 'ava';
import type { CommandFacts } from '../../src/commands/facts.js';
import { keyPlaces, keysOf, mayHaveKeys } from '../../src/commands/key-search.js';
import {
  allKeys,
  countedKeys,
  keyAt,
  keyBehind,
  type KeySpec,
  keysFrom,
  oneKey,
} from '../../src/commands/key-specs.js';
import { infoReply } from '../../src/commands/server/info-entry.js';

function command(keys: readonly KeySpec[], findKeys?: CommandFacts['findKeys']): CommandFacts {
  const facts = {
    name: 'any',
    group: 'generic',
    since: '1.0.0',
    summary: 'Any',
    complexity: 'O(1)',
    arity: -1,
    flags: [],
    acl: [],
    keys,
  } as const;
  return findKeys === undefined ? facts : { ...facts, findKeys };
}

function words(text: string): Buffer[] {
  return text.split(' ').map((word) => Buffer.from(word));
}

const ZUNIONSTORE = command([keyAt(1, 'OW', 'update'), countedKeys(2, 'RO', 'access')]);
const XREAD = command([
  { flags: ['RO', 'access'], keyword: 'STREAMS', from: 1, last: -1, step: 1, limit: 2 },
]);
const GEORADIUS = command([
  keyAt(1, 'RO', 'access'),
  keyBehind('STORE', 6, 'OW', 'update'),
  keyBehind('STOREDIST', 6, 'OW', 'update'),
]);
const MIGRATE = command(
  [
    keyAt(3, 'RW', 'access', 'delete'),
    {
      flags: ['RW', 'access', 'delete', 'incomplete'],
      keyword: 'KEYS',
      from: -2,
      last: -1,
      step: 1,
      limit: 0,
    },
  ],
  () => [{ at: 6, flags: ['RW'] }],
);
const SORT = command(
  [keyAt(1, 'RO', 'access'), { flags: ['RO', 'access'], isUnknown: true }],
  () => [{ at: 1, flags: ['RO'] }],
);

const CALLS: readonly (readonly [string, CommandFacts, string, readonly number[]])[] = [
  ['one', command(oneKey('RO')), 'get k v', [1]],
  ['none, for there are too few', command(oneKey('RO')), 'get', []],
  ['pairs', command(allKeys(2, 'OW')), 'mset a 1 b 2', [1, 3]],
  ['all but the last', command([keysFrom(1, -2, 'RW')]), 'blpop a b 0', [1, 2]],
  ['counted', ZUNIONSTORE, 'zunionstore to 2 a b weights 1 2', [1, 3, 4]],
  ['as many as there are', ZUNIONSTORE, 'zunionstore to 2 a b', [1, 3, 4]],
  ['counted beyond the end', ZUNIONSTORE, 'zunionstore to 3 a b', []],
  ['counted as none', ZUNIONSTORE, 'zunionstore to 0 a b', []],
  ['counted in words', ZUNIONSTORE, 'zunionstore to two a b', []],
  ['half of what follows a word', XREAD, 'xread count 1 streams a b 0 0', [4, 5]],
  ['the word is not there', XREAD, 'xread count 1 stream a 0', []],
  ['the word is the last', XREAD, 'xread count 1 streams', []],
  ['behind a word, if there is one', GEORADIUS, 'g k 1 2 3 m', [1]],
  ['behind a word', GEORADIUS, 'g k 1 2 3 m asc Store to', [1, 8]],
  ['a word before the search begins', GEORADIUS, 'g store 1 2 store x', [1]],
  ['incomplete, so the own search decides', MIGRATE, 'm h p  0 1 keys a b', [6]],
  ['backwards, and not found', MIGRATE, 'm h p k 0 1 copy', [3]],
  ['unknown, so the own search decides', SORT, 'sort a by b store c', [1]],
];

for (const [what, spec, call, places] of CALLS) {
  test(`keys: ${what}`, (t) => {
    t.deepEqual(
      keyPlaces(spec, words(call)).map(({ at }) => at),
      places,
    );
  });
}

test('keys by how they are used', (t) => {
  const call = words('zunionstore to 2 a b');
  const written = keysOf(ZUNIONSTORE, call, (flags) => !flags.includes('RO'));
  t.deepEqual(written.map(String), ['to']);
});

test('how a key is used may be for the own search to say', (t) => {
  const spec = command(oneKey('RW', 'variable_flags'), () => [{ at: 1, flags: ['RO'] }]);
  t.deepEqual(keyPlaces(spec, words('bitfield k get u8 0')), [{ at: 1, flags: ['RO'] }]);
});

test('what is no key is none', (t) => {
  const spec = command(oneKey('RW', 'not_key'));
  t.false(mayHaveKeys(spec));
  t.deepEqual(keyPlaces(spec, words('spublish channel message')), []);
});

/** First, last, step, and whether keys are elsewhere as well. */
function range(spec: CommandFacts): unknown[] {
  const info = infoReply({ spec });
  const items = info.type === 'array' ? info.items : [];
  const numbers = items.slice(3, 6).map((item) => (item.type === 'integer' ? item.value : null));
  return [...numbers, JSON.stringify(items[2]).includes('movablekeys')];
}

test('the range that old clients know, and that it is not all', (t) => {
  t.deepEqual(range(command(oneKey('RO'))), [1, 1, 1, false]);
  t.deepEqual(range(command(allKeys(2, 'OW'))), [1, -1, 2, false]);
  t.deepEqual(range(command([keyAt(2, 'OW'), keysFrom(3, -1, 'RO')])), [2, -1, 1, false]);
  t.deepEqual(range(ZUNIONSTORE), [1, 1, 1, true]);
  t.deepEqual(range(XREAD), [0, 0, 0, true]);
  t.deepEqual(range(MIGRATE), [3, 3, 1, true]);
});
