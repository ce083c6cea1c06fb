/** A hash's fields, read by other threads: small hashes and large, and while they change. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import test from 'ava';
import * as fc from 'fast-check';
import {
  READ_FOUND as FOUND,
  READ_MISSING as MISSING,
  READ_WRONG_TYPE as WRONG_TYPE,
} from '../../src/core/assembly/layout.js';
import { Core } from '../../src/core/core.js';
import { NEVER, openToReaders, SharedReader } from '../../src/keyspace/shared-reader.js';
import { encodeCommand } from '../../src/resp/encode-command.js';
import { Bench, START } from '../core/fixtures/bench.js';
import type { FieldReaderTask } from './fixtures/field-reader.js';
import { FIELDS, valueOf } from './fixtures/field-values.js';

const module = await Core.compileReader();

class Watched {
  readonly bench = new Bench();
  readonly reader: SharedReader;

  constructor() {
    openToReaders(this.bench.core.memory);
    this.bench.core.setWhole(true);
    this.bench.feed('PING\r\n');
    this.reader = new SharedReader(module, this.bench.core.memory, 3);
  }

  run(...args: (string | Uint8Array)[]): void {
    this.bench.feed(encodeCommand(args));
  }

  field(key: string, field: string): string | number {
    const outcome = this.reader.readField(key, field, 0, () => this.bench.nowMs);
    return outcome === FOUND ? this.reader.takeBuffer().toString() : outcome;
  }
}

test('fields of small and of large hashes are read as they were written, whatever is in them', (t) => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
    fc.constantFrom('', '0', '-1', '007', '127', '128', '4095', '-4096', '32768', '8388608'),
    fc.integer({ min: 50, max: 5_000 }).map((length) => 'é'.repeat(length / 2)),
  );
  const name = fc.oneof(fc.string({ unit: 'binary', maxLength: 90 }), fc.nat(999).map(String));
  const watched = new Watched();
  fc.assert(
    fc.property(fc.array(fc.tuple(name, text, fc.boolean()), { maxLength: 80 }), (steps) => {
      watched.run('DEL', 'h');
      const model = new Map<string, string>();
      for (const [field, value, isDeleted] of steps) {
        if (isDeleted) {
          const [first] = model.keys();
          if (first !== undefined) watched.run('HDEL', 'h', first);
          model.delete(first ?? '');
        }
        watched.run('HSET', 'h', field, value);
        model.set(toUtf8(field), toUtf8(value));
      }
      for (const [field, value] of model) t.is(watched.field('h', field), value);
      t.is(watched.field('h', 'no such field'), MISSING);
    }),
    { numRuns: 60 },
  );
});

/** What lone surrogates become. */
function toUtf8(text: string): string {
  return Buffer.from(text).toString();
}

test('a hash that grows and shrinks through all its sizes loses no field', (t) => {
  const watched = new Watched();
  const count = 8_000;
  for (let i = 0; i < count; i++) {
    watched.run('HSET', 'h', `f${i}`, `v${i}`);
    const back = (i * 7919) % (i + 1);
    if (watched.field('h', `f${back}`) !== `v${back}`) t.fail(`f${back} of ${i}`);
  }
  for (let i = 0; i < count - 1; i++) {
    watched.run('HDEL', 'h', `f${i}`);
    if (watched.field('h', `f${i}`) !== MISSING) t.fail(`f${i} is still there`);
    const next = i + 1 + ((i * 7919) % (count - 1 - i || 1));
    if (watched.field('h', `f${next}`) !== `v${next}`) t.fail(`f${next} was lost`);
  }
  t.pass();
});

test('types, expiry and lengths are told apart', (t) => {
  const watched = new Watched();
  watched.run('SET', 's', '1');
  t.is(watched.field('s', 'f'), WRONG_TYPE);
  t.is(watched.field('nosuch', 'f'), MISSING);
  watched.run('HSET', 'h', 'f', '1');
  t.is(watched.field('h', 'f'), '1');
  t.is(watched.reader.expireAt(), NEVER);
  watched.run('PEXPIRE', 'h', '100');
  watched.bench.pass(100);
  t.is(watched.field('h', 'f'), '1');
  t.is(watched.reader.expireAt(), START + 100);
  watched.bench.pass(1);
  t.is(watched.field('h', 'f'), MISSING);
  t.true(SharedReader.fits('k'.repeat(976), 'f'.repeat(1_000)));
  t.false(SharedReader.fits('k'.repeat(976), 'f'.repeat(1_001)));
  t.false(SharedReader.fits('é'.repeat(976), 'f'.repeat(100)));
  watched.run('HSET', 'k'.repeat(976), 'f'.repeat(1_000), 'v');
  t.is(watched.field('k'.repeat(976), 'f'.repeat(1_000)), 'v');
});

test('another thread reads fields whole while they change, and hashes change their form', async (t) => {
  const watched = new Watched();
  const keys = ['small', 'large', 'comes and goes'];
  const board = new SharedArrayBuffer(16);
  const words = new Int32Array(board);
  const task: FieldReaderTask = { module, memory: watched.bench.core.memory, keys, board };
  const worker = new Worker(new URL('fixtures/field-reader.js', import.meta.url), {
    workerData: task,
  });
  const ended = once(worker, 'exit');
  await once(worker, 'message');
  let version = 1;
  // At least so many changes, and until enough of them has been seen.
  for (let i = 0; i < 20_000 || Atomics.load(words, 1) < 5_000; i++) {
    const key = keys[i % 3]!;
    const number = (i * 7919) % (key === 'small' ? 60 : FIELDS);
    const field = `f${number}`;
    version += 1;
    // In a small one, values short enough for it.
    const value = valueOf(field, key === 'small' ? version * 4 : version);
    watched.run('HSET', key, field, value);
    if (i % 7 === 0) watched.run('HDEL', key, `f${(number * 31) % FIELDS}`);
    if (key === 'comes and goes' && i % 600 === 2) watched.run('DEL', key);
  }
  Atomics.store(words, 0, 1);
  await ended;
  t.true(words[1]! >= 5_000);
  t.is(words[2], 0, 'torn values');
});
