/** Random commands against a Map: every reply, and the keys that are left, are the same. */
import * as fc from 'fast-check';
import test from 'ava';
import { Bench } from './fixtures/bench.js';

interface Held {
  value: string;
  expireAt: number | null;
}

const bulk = (text: string | undefined): string =>
  text === undefined ? '$-1\r\n' : `$${text.length}\r\n${text}\r\n`;

const isLong = (number: bigint): boolean => BigInt.asIntN(64, number) === number;

/** The simplest thing that answers as Redis does. */
class Model {
  readonly held = new Map<string, Held>();
  nowMs = 0;

  get(key: string): Held | undefined {
    const held = this.held.get(key);
    if (held === undefined || held.expireAt === null || this.nowMs <= held.expireAt) return held;
    this.held.delete(key);
    return undefined;
  }

  run([name, key, value, extra]: readonly string[]): string {
    const held = this.get(key!);
    const put = (text: string, expireAt: number | null): void => {
      this.held.set(key!, { value: text, expireAt });
    };
    switch (name) {
      case 'SET':
        put(value!, extra === undefined ? null : this.nowMs + Number(extra));
        return '+OK\r\n';
      case 'KEEP':
        put(value!, held?.expireAt ?? null);
        return '+OK\r\n';
      case 'GET':
        return bulk(held?.value);
      case 'DEL':
        this.held.delete(key!);
        return held === undefined ? ':0\r\n' : ':1\r\n';
      case 'APPEND':
        put((held?.value ?? '') + value!, held?.expireAt ?? null);
        return `:${(held?.value ?? '').length + value!.length}\r\n`;
      case 'PEXPIRE':
        if (held !== undefined) held.expireAt = this.nowMs + Number(value);
        return held === undefined ? ':0\r\n' : ':1\r\n';
      case 'PERSIST': {
        const had = typeof held?.expireAt === 'number';
        if (held !== undefined) held.expireAt = null;
        return had ? ':1\r\n' : ':0\r\n';
      }
      case 'PTTL':
        if (held === undefined) return ':-2\r\n';
        return held.expireAt === null ? ':-1\r\n' : `:${held.expireAt - this.nowMs}\r\n`;
      default: {
        const before = held?.value ?? '0';
        // APPEND makes numbers of any length.
        const isInteger = /^(0|-?[1-9]\d*)$/.test(before) && isLong(BigInt(before));
        if (!isInteger) return '-ERR value is not an integer or out of range\r\n';
        const sum = BigInt(before) + BigInt(value!);
        if (!isLong(sum)) return '-ERR increment or decrement would overflow\r\n';
        put(String(sum), held?.expireAt ?? null);
        return `:${sum}\r\n`;
      }
    }
  }
}

/** Keys of all lengths, some nearly alike. */
const key = fc.nat(600).map((n) => (n % 3 === 0 ? `k${n}` : `${'long:'.repeat(n % 7)}${n}`));
const text = fc.oneof(
  fc.nat(200).map((n) => 'v'.repeat(n)),
  fc.integer({ min: -1e6, max: 1e6 }).map(String),
);
const ttl = fc.integer({ min: 1, max: 5000 }).map(String);
const step = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(fc.constant('SET'), key, text) },
  { weight: 3, arbitrary: fc.tuple(fc.constant('SET'), key, text, ttl) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('KEEP'), key, text) },
  { weight: 4, arbitrary: fc.tuple(fc.constant('GET'), key) },
  { weight: 4, arbitrary: fc.tuple(fc.constant('DEL'), key) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('APPEND'), key, text) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('PEXPIRE'), key, ttl) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('PERSIST'), key) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('PTTL'), key) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('INCRBY'), key, fc.integer().map(String)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('PASS'), fc.nat(2000).map(String)) },
);

/** The core's words for a step. */
function wordsOf([name, k, value, extra]: readonly string[]): string[] {
  if (name === 'KEEP') return ['SET', k!, value!, 'KEEPTTL'];
  if (name === 'SET' && extra !== undefined) return ['SET', k!, value!, 'PX', extra];
  return [name!, k!, ...(value === undefined ? [] : [value])];
}

test('the core answers as a Map would, and its replica ends up the same', (t) => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 200, maxLength: 1200 }), fc.nat(), (steps, seed) => {
      const bench = new Bench({ seed });
      const model = new Model();
      model.nowMs = bench.nowMs;
      for (const words of steps) {
        if (words[0] === 'PASS') {
          bench.pass(Number(words[1]));
          model.nowMs = bench.nowMs;
          bench.core.upkeep.expire(0, 200);
          continue;
        }
        t.is(bench.run(wordsOf(words)), model.run(words), words.join(' '));
      }
      while (bench.core.upkeep.expire(0, 10_000).hasMore);
      bench.core.publish();
      for (const name of model.held.keys()) model.get(name);
      t.is(bench.core.exports.keyCount(0), model.held.size);
      t.is(
        bench.core.exports.volatileCount(0),
        [...model.held.values()].filter(({ expireAt }) => expireAt !== null).length,
      );
      const replica = new Bench();
      replica.core.setNow(bench.nowMs);
      replica.raw(Buffer.from(bench.stream(), 'latin1'), 8);
      t.is(replica.core.exports.keyCount(0), model.held.size);
      for (const [name, { value }] of model.held) {
        t.is(replica.run(['GET', name]), `$${value.length}\r\n${value}\r\n`);
      }
    }),
    { numRuns: 60 },
  );
});

test('the index grows and shrinks, and SCAN misses no key that stays', (t) => {
  const bench = new Bench();
  const { core } = bench;
  const fill = (from: number, to: number): void => {
    for (let i = from; i < to; i++) bench.run(`SET key:${i} v`);
  };
  const drop = (from: number, to: number): void => {
    for (let i = from; i < to; i++) bench.run(`DEL key:${i}`);
  };
  fill(0, 500);
  for (const [grow, shrink] of [
    [20_000, 0],
    [0, 19_000],
    [5000, 5000],
  ] as const) {
    fill(500, 500 + (shrink > 0 ? 20_000 : 0));
    const seen = new Set<string>();
    let cursor = 0;
    let turns = 0;
    do {
      cursor = core.exports.scan(0, cursor, 10);
      const list = core.readU32(0x1058);
      for (let i = 0; i < core.readU32(0x105c); i++) {
        const entry = core.readU32(list + i * 4);
        seen.add(core.copyOut(entry + 16, core.readU32(entry + 4)).toString());
      }
      const pace = 700;
      if (turns * pace < grow) fill(30_000 + turns * pace, 30_000 + turns * pace + pace);
      if (turns * pace < shrink) drop(500 + turns * pace, 500 + turns * pace + pace);
      turns++;
    } while (cursor !== 0);
    for (let i = 0; i < 500; i++) t.true(seen.has(`key:${i}`), `key:${i}`);
    drop(500, 60_000);
    t.is(core.exports.keyCount(0), 500);
  }
});
