/** Applying while the master's own thread goes on writing: two real threads, two real cores. */
import { Worker } from 'node:worker_threads';
import test from 'ava';
import { RingReader } from '../../../src/backlog/ring-reader.js';
import { Core } from '../../../src/core/core.js';
import { Applier } from '../../../src/replication/apply.js';
import type { ReplicationEnvironment } from '../../../src/replication/environment.js';
import { RingApplier } from '../../../src/replication/shared/ring-applier.js';

test('a replica that races its master never misreads, and ends where it ends', async (t) => {
  const module = await Core.compile();
  const memory = Core.createMemory();
  const replica = Core.createMemory();
  const ringBytes = 128 * 1024;
  const options = { databases: 16, backlogBytes: ringBytes, maxmemoryBytes: 0, seed: 4 };
  const core = new Core(module, replica, options);
  const env = {
    core,
    clock: { wallMs: () => 1_700_000_000_000, monotonicMs: () => 0 },
    applyCommand: () => t.fail('the core knows all of these commands'),
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- All that an applier looks at.
  const environment = env as unknown as ReplicationEnvironment;
  const applier = new RingApplier(
    environment,
    new Applier(environment, { onAckWanted() {}, onMark() {} }),
  );
  const reader = new RingReader(memory);
  const worker = new Worker(new URL('../writer.worker.js', import.meta.url), {
    workerData: { module, memory, replica, ringBytes, batches: 3000 },
  });
  let end = Infinity;
  worker.on('message', (head: number) => (end = head));

  const seen = new Map<string, number>();
  while (core.head() < end) {
    const result = reader.isReady() ? applier.slice(reader, 0) : 'empty';
    seen.set(result, (seen.get(result) ?? 0) + 1);
    // Several looks in a row meet the writer at its work; then its message must get through.
    if (result !== 'applied' && (seen.get(result) ?? 0) % 50 === 0) {
      await new Promise(setImmediate);
    }
    if (result === 'corrupt' || result === 'lapped') break;
  }
  await worker.terminate();
  t.is(core.head(), end);
  const results = [...seen.keys()].toSorted();
  t.deepEqual(
    results.filter((result) => !['applied', 'empty', 'moved'].includes(result)),
    [],
  );
});
