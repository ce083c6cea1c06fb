/**
 * The core alone, on one thread: commands per second through execute(), parsing, replies and ring
 * append included, sockets not. Requests are 1,000 pipelined commands over 100,000 keys of 16
 * bytes with 64-byte values.
 */
import { Bench } from 'tinybench';
import { Core } from '../src/core/core.js';
import { encodeCommand } from '../src/resp/encode-command.js';

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
  const bench = new Bench({ time: seconds * 1000, warmupTime: 200 });
  for (const [name, command] of kinds) bench.add(name, runner(core, command));
  await bench.run();
  return bench.tasks.map(({ name, result }) => {
    if (result.state !== 'completed') throw new Error(`${name}: ${result.state}`);
    return { name, commandsPerSecond: PIPELINE * result.throughput.mean };
  });
}

/** The requests of one measurement, and what runs the next of them. */
function runner(core: Core, command: (i: number) => string[]): () => void {
  // Keys in a shuffled order, so that neighbours in the input are strangers in memory.
  const batches = Array.from({ length: KEYS / PIPELINE }, (_, batch) =>
    Buffer.concat(
      Array.from({ length: PIPELINE }, (__, i) =>
        encodeCommand(command((batch * PIPELINE + i) * 2 * 7919 + (i % 2))),
      ),
    ),
  );
  let next = 0;
  return () => {
    const batch = batches[next]!;
    next = (next + 1) % batches.length;
    const at = core.input(batch.length);
    core.write(at, batch);
    core.execute(at, batch.length, 0, 0);
  };
}
