import test from 'ava';
import { RingleaderError } from '../../../src/base/errors.js';
import { RingReader } from '../../../src/backlog/ring-reader.js';
import { Applier } from '../../../src/replication/apply.js';
import type { ReplicationEnvironment } from '../../../src/replication/environment.js';
import { RingApplier, SLICE_BYTES } from '../../../src/replication/shared/ring-applier.js';
import { createMemory, RingWriter } from '../../backlog/ring-writer.js';
import { compileCore, LoneCore } from '../lone-core.js';

test.before(compileCore);

/** A master's core, and an applier that follows it into another. */
function pair(): {
  from: LoneCore;
  to: LoneCore;
  applier: RingApplier;
  apply: () => string;
  handed: string[];
} {
  const from = new LoneCore(1024 * 1024);
  const to = new LoneCore(1024 * 1024);
  const handed: string[] = [];
  const env = {
    core: to,
    clock: { wallMs: () => 0, monotonicMs: () => 0 },
    applyCommand(args: readonly Buffer[], db: number) {
      if (String(args[1]) === 'too long') throw new RingleaderError('OUT_OF_MEMORY', 'OOM');
      handed.push(`${db} ${args.join(' ')}`);
    },
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- All that an applier looks at.
  const environment = env as unknown as ReplicationEnvironment;
  const applier = new RingApplier(
    environment,
    new Applier(environment, { onAckWanted() {}, onMark() {} }),
  );
  const reader = new RingReader(from.memory);
  return { from, to, applier, apply: () => applier.slice(reader, 0), handed };
}

function write(core: LoneCore, db: number, ...args: string[]): void {
  core.append(db, args);
  core.publish();
}

test('what is published is applied, and the replica is at the same offset then', (t) => {
  const { from, to, apply, handed } = pair();
  t.is(apply(), 'empty');
  write(from, 3, 'SET', 'a', '1');
  write(from, 3, 'PUBLISH', 'c', 'm');
  write(from, 4, 'SET', 'b', '2');
  t.is(apply(), 'applied');
  t.is(apply(), 'empty');
  t.is(to.head(), from.head());
  t.deepEqual(to.contents(), ['3/a=1', '4/b=2']);
  t.deepEqual(handed, ['3 PUBLISH c m']);
});

test('a slice that ends inside a command applies those before it, and the rest with the next', (t) => {
  const { from, to, apply } = pair();
  for (let i = 0; i < 5; i++) write(from, 0, 'SET', `k${i}`, 'x'.repeat(100_000));
  let slices = 0;
  while (apply() === 'applied') slices += 1;
  t.true(slices >= 2);
  t.is(to.head(), from.head());
  t.is(to.contents().length, 5);
});

test('a command longer than a slice takes a read for each doubling, not one for each slice of it', (t) => {
  const { from, to, apply } = pair();
  write(from, 0, 'SET', 'k', 'x'.repeat(900_000));
  let slices = 0;
  while (apply() === 'applied') slices += 1;
  t.is(to.head(), from.head());
  // One for the SELECT before it; then a slice, and twice as much each time until it is whole.
  const doublings = Math.ceil(Math.log2(900_000 / SLICE_BYTES));
  t.true(slices <= 2 + doublings, `${slices} slices`);
});

test('of a transaction that a slice ends within nothing is applied before all of it is there', (t) => {
  const { from, to, apply } = pair();
  for (let i = 0; i < 50; i++) write(from, 0, 'SET', `before:${i}`, 'x'.repeat(1000));
  from.append(0, ['MULTI']);
  for (let i = 0; i < 300; i++) from.append(0, ['SET', `in:${i}`, '\r\n$4\r\nEXEC\r\n'.repeat(50)]);
  from.append(0, ['EXEC']);
  from.publish();
  write(from, 0, 'SET', 'after', 'x'.repeat(100_000));
  const seen = new Set<number>();
  while (apply() === 'applied') {
    seen.add(to.contents().filter((line) => line.startsWith('0/in:')).length);
  }
  t.deepEqual([...seen], [0, 300]);
  t.is(to.head(), from.head());
});

test('a command of the host that does not fit parts the data from the master', (t) => {
  const { from, apply, handed } = pair();
  write(from, 0, 'PUBLISH', 'a', '1');
  write(from, 0, 'PUBLISH', 'too long', '1');
  write(from, 0, 'PUBLISH', 'b', '1');
  t.is(apply(), 'parted');
  t.deepEqual(handed, ['0 PUBLISH a 1']);
});

test('published bytes that are no whole command are corrupt, not waited for', (t) => {
  const { applier } = pair();
  const writer = new RingWriter(createMemory(), 65_536, 65_536);
  const reader = new RingReader(writer.memory);
  const bytes = Buffer.from('*2\r\n$3\r\nDEL\r\n$5\r\nab');
  writer.publish(bytes.length);
  new Uint8Array(writer.memory.buffer).set(bytes, 65_536);
  t.is(applier.slice(reader, 0), 'corrupt');
});

test('another history is not applied', (t) => {
  const { from, to, apply } = pair();
  write(from, 0, 'SET', 'a', '1');
  from.resetHistory(0);
  to.resetHistory(10);
  t.is(apply(), 'lapped');
});
