/**
 * `npm run bench`: every benchmark with real Redis beside it, as ratios.
 *
 * @see bench/README.md
 */
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { endWithReader } from '../src/cli/reader-gone.js';
import { cache } from './cache.js';
import { commands } from './commands.js';
import { core } from './core.js';
import { defaultList } from './default-list.js';
import { environment } from '../src/lab/bench/environment.js';
import { expiry } from './expiry.js';
import { fullsync } from './fullsync.js';
import { fullsyncTypes } from './fullsync-types.js';
import { growth } from './growth.js';
import { idle } from './idle.js';
import { memory } from './memory.js';
import { memoryTypes } from './memory-types.js';
import { print } from './print.js';
import { propagation } from './propagation.js';
import { propagationTypes } from './propagation-types.js';
import { hasRealRedis } from './real-redis.js';
import { replicas } from './replicas.js';
import type { BenchOptions, Section } from './section.js';
import { stages } from './stages.js';
import { processorTime, stolenPercent } from './stolen-time.js';
import { storm } from './storm.js';
import { strict } from './strict.js';
import { tcp } from './tcp.js';
import { wire, WIRE_PARTS } from './wire.js';

/** In the order in which they run when none is named. */
const BENCHMARKS: ReadonlyMap<
  string,
  { readonly run: (options: BenchOptions) => Promise<Section>; readonly about: string }
> = new Map([
  ['core', { run: core, about: 'the core alone: commands/s' }],
  ['stages', { run: stages, about: 'what parsing, executing, appending, copying, applying cost' }],
  ['propagation', { run: propagation, about: 'SETs/s to 2 replicas, in the process' }],
  ['strict', { run: strict, about: 'what a strict cluster costs beside the default' }],
  ['tcp', { run: tcp, about: 'SET, GET, INCR, MSET over TCP with 2 replicas' }],
  ['default-list', { run: defaultList, about: "redis-benchmark's own list, one server alone" }],
  [
    'propagation-types',
    { run: propagationTypes, about: 'HSET, LPUSH, SADD, ZADD, XADD to 2 replicas, in the process' },
  ],
  ['replicas', { run: replicas, about: "the master's CPU time with 1 and with 16 replicas" }],
  ['idle', { run: idle, about: 'CPU and memory of a cluster that nothing is asked of' }],
  ['memory', { run: memory, about: 'bytes a key at 1 million keys' }],
  ['memory-types', { run: memoryTypes, about: 'bytes of hashes, sets, sorted sets, a long list' }],
  ['growth', { run: growth, about: 'the longest command from 0 to 10 million keys' }],
  ['fullsync', { run: fullsync, about: 'a full sync of 1 million keys, and who waits for it' }],
  ['fullsync-types', { run: fullsyncTypes, about: 'a full sync of 1 million hashes' }],
  ['wire', { run: wire, about: 'processes: full sync, propagation, a cut, BGSAVE, everysec' }],
  ['cache', { run: cache, about: 'reads of shared memory from another thread, beside writes' }],
  ['commands', { run: commands, about: 'long values, many arguments, transactions, TypeScript' }],
  ['storm', { run: storm, about: 'half of 40 masters fall silent: how long until successors' }],
  ['expiry', { run: expiry, about: 'a million keys expire at once, and who waits for it' }],
]);

endWithReader();

const TESTS = ['set', 'get', 'incr', 'mset'];

const HELP = `usage: npm run bench -- [options] [name …]

Measure ours and, where redis-server and redis-benchmark are installed, real Redis in turn.
Without a name all of them run, briefly: at a fifth of their size, one pair each.

${[...BENCHMARKS].map(([name, { about }]) => `  ${name.padEnd(20)}${about}`).join('\n')}

  --pairs N     how often ours and Redis run in turn (5; 1 without a name)
  --scale N     share of the full size, 0.001 to 1 (1; 0.2 without a name)
  --tests LIST  for tcp: of set, get, incr, mset (all)
  --pipelines L for tcp and default-list: 1 to 1000 each (1,16,100)
  --parts LIST  for wire: of ${WIRE_PARTS.join(', ')} (all)
  --keys N      for growth, fullsync and expiry: how many keys; for memory: load so many small keys
                into one node (20000000 takes about 1.5 GB)
  --json FILE   write all figures, and what they were measured on, to a file
  -h, --help    this`;

interface Arguments extends Omit<BenchOptions, 'hasRedis' | 'progress'> {
  readonly names: readonly string[];
  readonly json: string | null;
  readonly help: boolean;
}

/** @throws Error: an argument makes no sense. */
function readArguments(): Arguments {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      pairs: { type: 'string' },
      scale: { type: 'string' },
      keys: { type: 'string' },
      tests: { type: 'string', default: TESTS.join(',') },
      pipelines: { type: 'string', default: '1,16,100' },
      parts: { type: 'string', default: WIRE_PARTS.join(',') },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const unknown = positionals.find((name) => !BENCHMARKS.has(name));
  if (unknown !== undefined) {
    throw new Error(`no benchmark '${unknown}'; there are: ${[...BENCHMARKS.keys()].join(', ')}`);
  }
  const isBrief = positionals.length === 0;
  const number = (name: 'pairs' | 'scale' | 'keys', fallback: number): number => {
    const text = values[name];
    if (text === undefined) return fallback;
    const isGood = name === 'scale' ? /^(0?\.\d+|1)$/.test(text) : /^[1-9]\d{0,8}$/.test(text);
    if (!isGood) throw new Error(`--${name} cannot be '${text}'`);
    return Number(text);
  };
  return {
    names: isBrief ? [...BENCHMARKS.keys()] : positionals,
    pairs: number('pairs', isBrief ? 1 : 5),
    scale: Math.max(0.001, number('scale', isBrief ? 0.2 : 1)),
    tests: list('tests', values.tests, (test) => TESTS.includes(test)),
    pipelines: list('pipelines', values.pipelines, (each) =>
      /^([1-9]\d{0,2}|1000)$/.test(each),
    ).map(Number),
    parts: list('parts', values.parts, (part) => WIRE_PARTS.includes(part)),
    keys: values.keys === undefined ? null : number('keys', 0),
    json: values.json === undefined ? null : writable(values.json),
    help: values.help,
  };
}

/** @throws Error now, rather than when all is measured: the file cannot be written. */
function writable(file: string): string {
  closeSync(openSync(file, 'a'));
  return file;
}

/** @throws Error: one of the list's is no good. */
function list(name: string, text: string, isGood: (each: string) => boolean): string[] {
  const each = text.split(',');
  const bad = each.find((one) => !isGood(one));
  if (bad !== undefined) throw new Error(`--${name} cannot have '${bad}'`);
  return each;
}

function argumentsOrExit(): Arguments {
  try {
    return readArguments();
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    console.error('npm run bench -- --help tells more.');
    return process.exit(2);
  }
}

const { names, json, help, ...sizes } = argumentsOrExit();
if (help) {
  console.log(HELP);
  process.exit(0);
}
const hasRedis = hasRealRedis();
if (!hasRedis)
  console.error('redis-server and redis-benchmark are not installed: ours runs alone.');
const measuredOn = environment();
const { cpu, cores, node, redis } = measuredOn;
console.log(`${cpu}, ${cores} cores, Node ${node}, ${redis ?? 'no Redis'}`);
const sections: Record<string, Section> = {};
for (const name of names) {
  console.error(`${name} …`);
  const begin = performance.now();
  const progress = (line: string): void => console.error(`  ${name}: ${line}`);
  const before = processorTime();
  const result = await BENCHMARKS.get(name)!.run({ ...sizes, hasRedis, progress });
  const stolen = stolenPercent(before, processorTime());
  const figures =
    stolen === null ? [] : [{ name: 'stolen: the host ran others', value: stolen, unit: '%' }];
  sections[name] = { ...result, figures: [...result.figures, ...figures] };
  print(sections[name]);
  console.error(`${name}: ${((performance.now() - begin) / 1000).toFixed(1)} s`);
}
if (json !== null) {
  const everything = { environment: measuredOn, ...sizes, benchmarks: sections };
  writeFileSync(json, `${JSON.stringify(everything, null, 2)}\n`);
}
