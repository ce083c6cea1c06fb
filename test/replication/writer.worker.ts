/**
 * A master's thread for ring-applier.threads.test.ts: writes batches, never lapping its one reader.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { Prng } from '../../src/base/prng.js';
import { RingReader } from '../../src/backlog/ring-reader.js';
import { Core, type CoreModule } from '../../src/core/core.js';
import { encodeCommand } from '../../src/resp/encode-command.js';
import type { NodeMemory } from '../../src/core/memory-view.js';

interface Task {
  readonly module: CoreModule;
  readonly memory: NodeMemory;
  readonly replica: NodeMemory;
  readonly ringBytes: number;
  readonly batches: number;
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its test sends a Task.
const { module, memory, replica, ringBytes, batches } = workerData as Task;
const options = { databases: 16, backlogBytes: ringBytes, maxmemoryBytes: 0, seed: 3 };
const core = new Core(module, memory, options);
const reader = new RingReader(replica);
const random = new Prng(11);
for (let batch = 0; batch < batches; batch++) {
  while (core.head() - reader.head() > ringBytes / 2) await sleep(1);
  const commands = Array.from({ length: 1 + random.below(30) }, () =>
    encodeCommand(['SET', `key:${random.below(500)}`, 'v'.repeat(random.below(300))]),
  );
  const bytes = Buffer.concat(commands);
  const at = core.input(bytes.length);
  core.write(at, bytes);
  core.execute(at, bytes.length, 0, random.below(3));
  core.takeReplies();
}
parentPort?.postMessage(core.head());
