/**
 * What commands cost that the other benchmarks leave out: handled by TypeScript, of long values, of
 * many arguments, in transactions. One client sends each kind in one pipeline.
 */
import { Cluster } from '../src/index.js';
import { compare } from '../src/lab/stats.js';
import { encodeCommands } from '../src/resp/encode-command.js';
import { keyName, loadKeys } from './loader.js';
import { Pipe } from './pipe.js';
import { RealRedis } from './real-redis.js';
import { type BenchOptions, type Section, digits, scaled, section } from './section.js';
import { TcpGroup } from './tcp-group.js';

const KEYS = 100_000;
const SIZE = 64;
/** A kind is run for so long in each pair, and at least so often; the shortest run counts. */
const SPAN_MS = 300;
const LEAST_RUNS = 3;

type Command = readonly (string | Uint8Array)[];

interface Kind {
  readonly name: string;
  readonly before?: readonly Command[];
  /** What must be there anew before each run, and is not timed. */
  readonly eachTime?: () => readonly Command[];
  /** How often `commands` are sent in a run. */
  readonly times: number;
  readonly commands: readonly Command[];
}

function pairs(count: number, size: number): (string | Uint8Array)[] {
  const value = Buffer.alloc(size, 'x');
  return Array.from({ length: count }, (_, i) => [`pair:${i}`, value]).flat();
}

function kinds(options: BenchOptions): Kind[] {
  const hash = inThousands(200_000, options);
  const list = inThousands(100_000, options);
  const set = list;
  const storeLong: Command = ['SET', 'long', Buffer.alloc(10_000_000, 'x')];
  const storeMegabyte: Command = ['SET', 'megabyte', Buffer.alloc(1_000_000, 'x')];
  return [
    {
      name: 'MULTI, 10 SETs, EXEC',
      times: 300,
      commands: [
        ['MULTI'],
        ...Array.from({ length: 10 }, (_, i) => ['SET', `m${i}`, 'v']),
        ['EXEC'],
      ],
    },
    { name: 'ECHO', times: 3000, commands: [['ECHO', 'hello']] },
    {
      name: 'RENAME there and back',
      before: [
        ['DEL', 'b'],
        ['SET', 'a', 'v'],
      ],
      times: 3000,
      commands: [
        ['RENAME', 'a', 'b'],
        ['RENAME', 'b', 'a'],
      ],
    },
    { name: 'an unknown command', times: 3000, commands: [['NOSUCH', 'x']] },
    { name: 'INFO', times: 100, commands: [['INFO']] },
    {
      name: 'GETRANGE of 10 bytes of 10 MB',
      before: [storeLong],
      times: 3000,
      commands: [['GETRANGE', 'long', '5000000', '5000009']],
    },
    {
      name: 'SETBIT in 10 MB',
      before: [storeLong],
      times: 3000,
      commands: [['SETBIT', 'long', '40000000', '1']],
    },
    { name: 'SET of 1 MB', times: 20, commands: [storeMegabyte] },
    {
      name: 'GET of 1 MB',
      before: [storeMegabyte],
      times: 20,
      commands: [['GET', 'megabyte']],
    },
    {
      name: 'MSET of 1,000 values of 10 KB',
      times: 1,
      commands: [['MSET', ...pairs(1000, 10_000)]],
    },
    {
      name: 'MSET of 10,000 values of 10 bytes',
      times: 1,
      commands: [['MSET', ...pairs(10_000, 10)]],
    },
    {
      name: 'MGET of 1,000 keys',
      times: 20,
      commands: [['MGET', ...Array.from({ length: 1000 }, (_, i) => keyName((i * 97) % KEYS))]],
    },
    { name: 'KEYS with a pattern', times: 1, commands: [['KEYS', '*77*']] },
    { name: 'SCAN COUNT 1000', times: 100, commands: [['SCAN', '0', 'COUNT', '1000']] },
    {
      name: `DEL of a hash of ${digits(hash)}`,
      eachTime: () => largeHash(hash),
      times: 1,
      commands: [['DEL', 'large']],
    },
    {
      name: `LRANGE of ${digits(list)} elements`,
      before: [['DEL', 'large'], ...pushes(list)],
      times: 1,
      commands: [['LRANGE', 'large', '0', '-1']],
    },
    {
      name: `ZUNIONSTORE of two of ${digits(set)}`,
      before: [...sortedSet('one', 0, set), ...sortedSet('two', set / 2, set)],
      times: 1,
      commands: [['ZUNIONSTORE', 'union', '2', 'one', 'two']],
    },
  ];
}

const PER_COMMAND = 1000;

function inThousands(count: number, options: BenchOptions): number {
  return PER_COMMAND * scaled(count / PER_COMMAND, options);
}

/** @returns a command for each thousand below `count`. */
function byThousands(count: number, command: (numbers: readonly number[]) => Command): Command[] {
  return Array.from({ length: count / PER_COMMAND }, (_, i) =>
    command(Array.from({ length: PER_COMMAND }, (__, j) => i * PER_COMMAND + j)),
  );
}

function largeHash(count: number): Command[] {
  return byThousands(count, (numbers) => [
    'HSET',
    'large',
    ...numbers.flatMap((i) => [`field:${i}`, 'value']),
  ]);
}

function pushes(count: number): Command[] {
  return byThousands(count, (numbers) => ['RPUSH', 'large', ...numbers.map((i) => `element:${i}`)]);
}

function sortedSet(key: string, from: number, count: number): Command[] {
  return byThousands(count, (numbers) => [
    'ZADD',
    key,
    ...numbers.flatMap((i) => [String((i * 7919) % 100_003), `member:${from + i}`]),
  ]);
}

export async function commands(options: BenchOptions): Promise<Section> {
  await using cluster = await Cluster.start({ replicas: 0, sentinels: 0 });
  const ours = new TcpGroup(cluster.nodes().map(({ port }) => port));
  const pipes: Pipe[] = [];
  try {
    await using redis = options.hasRedis ? await RealRedis.start(0) : null;
    for (const { ports } of redis === null ? [ours] : [ours, redis.group]) {
      await loadKeys(ports[0]!, { count: scaled(KEYS, options), size: SIZE });
      pipes.push(await Pipe.connect(ports[0]!));
    }
    const comparisons = [];
    for (const kind of kinds(options)) {
      const times = scaled(kind.times, options);
      const spanMs = scaled(SPAN_MS, options);
      const runs: number[][] = [];
      for (let i = 0; i <= options.pairs; i += 1) {
        const run: number[] = [];
        for (const pipe of pipes) run.push(await microsOf(pipe, { ...kind, times }, spanMs));
        if (i > 0) runs.push(run); // The first is to warm up.
      }
      comparisons.push(
        compare(
          kind.name,
          'µs',
          runs.map(([mine, peer]) => ({ ours: mine!, peer: peer ?? null })),
        ),
      );
      options.progress(kind.name);
    }
    return section('One client, one pipeline of a kind of command', {
      comparisons,
      notes: ['Per command (per transaction), its way there and back and the client included.'],
    });
  } finally {
    for (const pipe of pipes) pipe.close();
    ours.close();
  }
}

/** @returns µs for the commands of a kind once. */
async function microsOf(
  pipe: Pipe,
  { before = [], eachTime, times, commands: sent }: Kind,
  spanMs: number,
): Promise<number> {
  if (before.length > 0) await pipe.run(encodeCommands(before), before.length);
  const bytes = encodeCommands(Array.from({ length: times }, () => sent).flat());
  let least = Infinity;
  const begin = performance.now();
  for (let i = 0; i < LEAST_RUNS || performance.now() - begin < spanMs; i += 1) {
    const anew = eachTime?.() ?? [];
    if (anew.length > 0) await pipe.run(encodeCommands(anew), anew.length);
    least = Math.min(least, await pipe.run(bytes, times * sent.length));
  }
  return (least * 1000) / times;
}
