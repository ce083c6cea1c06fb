/**
 * The core alone, on one thread: commands per second through execute(), parsing, replies and ring
 * append included, sockets not. Requests are 1,000 pipelined commands over 100,000 keys of 16
 * bytes with 64-byte values.
 */
import { Bench } from 'tinybench';
import { Core } from '../src/core/core.js';
import { encodeCommand } from '../src/resp/encode-command.js';
import { type BenchOptions, type Section, scaled, section } from './section.js';
import { openToReaders } from '../src/keyspace/shared-reader.js';

const KEYS = 100_000;
const PIPELINE = 1000;
const VALUE = 'x'.repeat(64);

export async function core(options: BenchOptions): Promise<Section> {
  const keys = scaled(KEYS, options);
  const key = (i: number): string => `key:${String(i % keys).padStart(12, '0')}`;
  const node = new Core(await Core.compile(), Core.createMemory(), {
    databases: 16,
    backlogBytes: 64 << 20,
    maxmemoryBytes: 0,
    seed: 1,
  });
  node.setNow(1_700_000_000_000);
  const read = new Core(await Core.compile(), Core.createMemory(), {
    databases: 16,
    backlogBytes: 64 << 20,
    maxmemoryBytes: 0,
    seed: 1,
  });
  read.setNow(1_700_000_000_000);
  openToReaders(read.memory);
  const kinds: [name: string, command: (i: number) => string[]][] = [
    ['set', (i) => ['SET', key(i), VALUE]],
    ['get', (i) => ['GET', key(i)]],
    ['get, set alternating', (i) => (i % 2 ? ['SET', key(i), VALUE] : ['GET', key(i)])],
    ['set with expiry', (i) => ['SET', key(i), VALUE, 'EX', '1000']],
    ['del, set alternating', (i) => (i % 2 ? ['SET', key(i - 1), VALUE] : ['DEL', key(i)])],
    ['incr', (i) => ['INCR', `n${key(i)}`]],
    ['ping', () => ['PING']],
  ];
  const bench = new Bench({ time: 1000 * options.scale, warmupTime: 200 * options.scale });
  for (const [name, command] of kinds)
    bench.add(name, runner(node, command, Math.ceil(keys / PIPELINE)));
  const [, set] = kinds[0]!;
  bench.add('set, open to readers', runner(read, set, Math.ceil(keys / PIPELINE)));
  await bench.run();
  const figures = bench.tasks.map(({ name, result }) => {
    if (result.state !== 'completed') throw new Error(`${name}: ${result.state}`);
    return { name, value: PIPELINE * result.throughput.mean, unit: 'commands/s' };
  });
  return section('The core alone, one thread, 1,000 commands a call', { figures });
}

/** The requests of one measurement, and what runs the next of them. */
function runner(node: Core, command: (i: number) => string[], count: number): () => void {
  // Keys in a shuffled order, so that neighbours in the input are strangers in memory.
  const batches = Array.from({ length: count }, (_, batch) =>
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
    const at = node.input(batch.length);
    node.write(at, batch);
    node.execute(at, batch.length, 0, 0);
  };
}
