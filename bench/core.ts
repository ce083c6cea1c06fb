/**
 * The core alone, on one thread: commands per second through execute(), parsing, replies and ring
 * append included, sockets not. Requests are 1,000 pipelined commands over 100,000 keys of 16
 * bytes with 64-byte values.
 *
 * `node dist/bench/core.js` prints it.
 */
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { Core } from '../src/core/core.js';
import { encodeCommand } from '../src/core/encode-command.js';

const KEYS = 100_000;
const PIPELINE = 1000;
const VALUE = 'x'.repeat(64);

const key = (i: number): string => `key:${String(i % KEYS).padStart(12, '0')}`;

export interface CoreBenchResult {
  readonly name: string;
  readonly commandsPerSecond: number;
}

/** @param seconds - about how long each of the measurements takes. */
export async function benchCore(seconds = 1): Promise<CoreBenchResult[]> {
  const core = new Core(await Core.compile(), Core.createMemory(), {
    databases: 16,
    backlogBytes: 64 << 20,
    maxmemoryBytes: 0,
    seed: 1,
  });
  core.setNow(1_700_000_000_000);
  const kinds: [name: string, command: (i: number) => string[]][] = [
    ['set', (i) => ['SET', key(i), VALUE]],
    ['get', (i) => ['GET', key(i)]],
    ['get, set alternating', (i) => (i % 2 ? ['SET', key(i), VALUE] : ['GET', key(i)])],
    ['set with expiry', (i) => ['SET', key(i), VALUE, 'EX', '1000']],
    ['del, set alternating', (i) => (i % 2 ? ['SET', key(i - 1), VALUE] : ['DEL', key(i)])],
    ['incr', (i) => ['INCR', `n${key(i)}`]],
    ['ping', () => ['PING']],
  ];
  return kinds.map(([name, command]) => ({
    name,
    commandsPerSecond: measure(core, command, seconds),
  }));
}

function measure(core: Core, command: (i: number) => string[], seconds: number): number {
  // Keys in a shuffled order, so that neighbours in the input are strangers in memory.
  const batches = Array.from({ length: KEYS / PIPELINE }, (_, batch) =>
    Buffer.concat(
      Array.from({ length: PIPELINE }, (__, i) =>
        encodeCommand(command((batch * PIPELINE + i) * 2 * 7919 + (i % 2))),
      ),
    ),
  );
  const run = (batch: Buffer): void => {
    const at = core.input(batch.length);
    core.write(at, batch);
    core.execute(at, batch.length, 0, 0);
  };
  batches.forEach(run);
  const start = performance.now();
  let count = 0;
  let elapsed = 0;
  do {
    for (const batch of batches) run(batch);
    count += batches.length * PIPELINE;
    elapsed = performance.now() - start;
  } while (elapsed < seconds * 1000);
  return Math.round((count / elapsed) * 1000);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const { name, commandsPerSecond } of await benchCore()) {
    console.log(`${name.padEnd(24)} ${(commandsPerSecond / 1e6).toFixed(1)} M/s`);
  }
}
