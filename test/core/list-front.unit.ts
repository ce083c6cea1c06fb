/** Elements pushed at a list's head go into room in front of a node's listpack. */
import test from 'ava';
import { Prng } from '../../src/base/prng.js';
import { LIST_MAX_SIZE } from '../../src/core/assembly/collections/layout.js';
import { snapshotSlice } from '../support/snapshot-slice.js';
import { Bench } from './fixtures/bench.js';

function reply(elements: readonly string[]): string {
  return `*${elements.length}\r\n${elements.map((e) => `$${e.length}\r\n${e}\r\n`).join('')}`;
}

/** Bytes up to past what one block holds, and integers. */
function element(random: Prng): string {
  if (random.below(3) === 0) return String(random.below(1_000_000) - 500_000);
  return 'e'.repeat(random.below(random.below(100) === 0 ? 5000 : 80));
}

/** One change of the list, done to an array too. */
function step(bench: Bench, model: string[], random: Prng): void {
  const some = element(random);
  const at = random.below(model.length + 1);
  switch (random.below(10)) {
    case 0:
      bench.run('LPOP list');
      model.shift();
      break;
    case 1:
      bench.run('RPOP list');
      model.pop();
      break;
    case 2:
      bench.run(['RPUSH', 'list', some]);
      model.push(some);
      break;
    case 3:
      bench.run(['LSET', 'list', String(at), some]);
      if (at < model.length) model[at] = some;
      break;
    case 4: {
      const from = Math.min(random.below(20), at);
      if (random.below(20) !== 0) break;
      bench.run(['LTRIM', 'list', String(from), String(at)]);
      model.splice(0, model.length, ...model.slice(from, at + 1));
      break;
    }
    default:
      bench.run(['LPUSH', 'list', some]);
      model.unshift(some);
  }
}

for (const size of [-2, -5, 128]) {
  test(`a list changed at random holds what it should: list-max-listpack-size ${size}`, (t) => {
    const random = new Prng(-size + 200);
    const bench = new Bench();
    bench.core.setLimit(LIST_MAX_SIZE, size);
    const before = bench.core.usedMemory();
    const model: string[] = [];
    for (let i = 0; i < 30_000; i++) {
      step(bench, model, random);
      if (i % 1000 === 0) t.is(bench.run('LRANGE list 0 -1'), reply(model));
      // Once it is large, a snapshot holds it while it changes.
      if (i % 5000 === 4000) bench.core.snapshots.begin();
      if (i % 5000 > 4000 && i % 50 === 0 && i % 5000 < 4900) snapshotSlice(bench.core, 1000);
      if (i % 5000 === 4900) bench.core.snapshots.end();
    }
    t.is(bench.run('LRANGE list 0 -1'), reply(model));
    bench.run('DEL list');
    t.true(bench.core.usedMemory() - before < 100_000);
  });
}
