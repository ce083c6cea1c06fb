/** KEYS and SCAN: what they find, against the host's own matching. */
import * as fc from 'fast-check';
import test from 'ava';
import { globMatch } from '../../src/base/glob.js';
import { FLAG_REPLICA } from '../../src/core/assembly/layout.js';
import { Bench } from './fixtures/bench.js';

/** The bulks of a reply, in order. */
function bulks(reply: string): string[] {
  const found: string[] = [];
  for (let at = reply.indexOf('$'); at >= 0; at = reply.indexOf('$', at)) {
    const begin = reply.indexOf('\r\n', at) + 2;
    at = begin + Number(reply.slice(at + 1, begin - 2));
    found.push(reply.slice(begin, at));
  }
  return found;
}

const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 5 });
const PATTERN_LETTERS = ['a', 'b', 'c', '*', '*', '?', '[', '[', ']', '^', '-', '\\'];
const pattern = fc.string({ unit: fc.constantFrom(...PATTERN_LETTERS), maxLength: 9 });

test('a pattern finds the keys that the host would find by it', (t) => {
  fc.assert(
    fc.property(fc.uniqueArray(letters), pattern, (keys, glob) => {
      const bench = new Bench();
      for (const key of keys) bench.run(['SET', key, 'v']);
      const matches = (key: string): boolean => globMatch(Buffer.from(glob), Buffer.from(key));
      const expected = keys.filter((key) => matches(key)).toSorted();
      t.deepEqual(bulks(bench.run(['KEYS', glob])).toSorted(), expected, glob);
      const scanned = bulks(bench.run(['SCAN', '0', 'MATCH', glob, 'COUNT', '1000']));
      t.is(scanned.shift(), '0');
      t.deepEqual(scanned.toSorted(), expected, glob);
    }),
    { numRuns: 300 },
  );
});

test('SCAN meets every key that stays, however the table grows and shrinks meanwhile', (t) => {
  const bench = new Bench();
  const stays = Array.from({ length: 2000 }, (_, i) => `stays:${i}`);
  for (const key of stays) bench.run(['SET', key, 'v']);
  const met = new Set<string>();
  let cursor = '0';
  let round = 0;
  do {
    const [next = '', ...keys] = bulks(bench.run(['SCAN', cursor, 'COUNT', '20']));
    t.true(keys.length < 60);
    for (const key of keys) met.add(key);
    cursor = next;
    round++;
    for (let i = 0; i < 200; i++) {
      bench.run(round < 30 ? `SET passes:${round}:${i} v` : `DEL passes:${round - 30}:${i}`);
    }
  } while (cursor !== '0');
  t.true(stays.every((key) => met.has(key)));
});

test('keys whose time has come are not told of; a master’s SCAN deletes them, a replica’s does not', (t) => {
  const bench = new Bench();
  for (let i = 0; i < 100; i++) bench.run(`SET k${i} v ${i % 2 === 0 ? 'PX 5' : 'PX 5000'}`);
  bench.pass(6);
  t.is(bulks(bench.run('KEYS *')).length, 50);
  t.is(bench.core.exports.keyCount(0), 100);
  t.is(bulks(bench.run('SCAN 0 COUNT 1000', 0, FLAG_REPLICA)).length, 51);
  t.is(bulks(bench.run('SCAN 0 COUNT 1000')).length, 51);
  t.is(bench.core.exports.keyCount(0), 50);
  t.is(bench.streamed().filter((line) => line.startsWith('DEL ')).length, 50);
});

test('SCAN reads a cursor and options as Redis does', (t) => {
  const bench = new Bench();
  const syntax = '-ERR syntax error\r\n';
  const empty = '*2\r\n$1\r\n0\r\n*0\r\n';
  for (const cursor of ['', '+0', '-0', '007', '18446744073709551615', '1\0x', '-1']) {
    t.is(bench.run(['SCAN', cursor]), empty, cursor);
  }
  for (const cursor of [
    'x',
    '1x',
    ' 1',
    '+',
    '-',
    '18446744073709551616',
    '99999999999999999999',
  ]) {
    t.is(bench.run(['SCAN', cursor]), '-ERR invalid cursor\r\n', cursor);
  }
  for (const options of [
    'MATCH',
    'COUNT',
    'TYPE',
    'COUNT 0',
    'COUNT -1',
    'nosuch 1',
    'MATCH a COUNT',
  ]) {
    t.is(bench.run(`SCAN 0 ${options}`), syntax, options);
  }
  t.is(bench.run('SCAN 0 COUNT x'), '-ERR value is not an integer or out of range\r\n');
  bench.run('SET s v');
  bench.run('SADD a 1 2');
  bench.run('HSET h f v');
  for (const [type, key] of [
    ['string', 's'],
    ['SET', 'a'],
    ['hash', 'h'],
  ] as const) {
    t.is(bench.run(`SCAN 0 count 100 type ${type}`), `*2\r\n$1\r\n0\r\n*1\r\n$1\r\n${key}\r\n`);
  }
  for (const type of ['list', 'nosuch', 'strin'])
    t.is(bench.run(`SCAN 0 TYPE ${type}`), empty, type);
});
