/**
 * Where a propagated SET's time goes: the cost of its stages in ns, one core driven in one thread,
 * 1,000 pipelined commands a call over 100,000 keys of 16 bytes, 64-byte values, in random order.
 *
 *   parse    PING's: arguments found, command looked up, reply written
 *   execute  a SET on a core that appends nothing (a replica's), less parsing
 *   append   a SET on a master, less the same on a replica
 *   copy     what a replica in the process does to read it out of the ring
 *   apply    what it does then: parse, execute, append to its own ring, no reply
 */
import { RingReader } from '../src/backlog/ring-reader.js';
import { FLAG_APPLY, FLAG_REPLICA } from '../src/core/assembly/layout.js';
import { Core, type CoreModule } from '../src/core/core.js';
import { encodeCommand } from '../src/resp/encode-command.js';
import { setBatches } from '../src/lab/load/set-batches.js';
import { rawCopy } from '../src/lab/raw-copy.js';
import {
  type BenchOptions,
  type Figure,
  type Section,
  digits,
  scaled,
  section,
} from './section.js';
import { median } from '../src/lab/stats.js';

const LOAD = { keys: 100_000, size: 64, commandsPerBatch: 1000, batches: 100 };
/** Passes over all batches, per figure and round. */
const PASSES = 20;
const RAW_BATCHES = 512;

/** A stage's measurement: ns a command, of one round. */
type Stage = () => number;

export async function stages(options: BenchOptions): Promise<Section> {
  const module = await Core.compile();
  const passes = scaled(PASSES, options);
  const load = { ...LOAD, batches: scaled(LOAD.batches, options) };
  const sets = setBatches(load).map(({ bytes }) => bytes);
  const like = (command: readonly string[]): Uint8Array =>
    Buffer.concat(Array.from({ length: LOAD.commandsPerBatch }, () => encodeCommand(command)));
  const gets = sets.map((bytes) => getsLike(bytes));
  const pings = [like(['PING'])];
  const master = makeCore(module);
  const other = makeCore(module);
  const measured: Record<string, Stage> = {
    ping: () => time(master, pings, 0, passes * sets.length),
    get: () => time(master, gets, 0, passes),
    set: () => time(master, sets, 0, passes),
    setSilently: () => time(other, sets, FLAG_REPLICA, passes),
    copy: () => timeCopy(master, sets, passes),
    apply: () => time(other, sets, FLAG_APPLY | FLAG_REPLICA, passes),
  };
  const rounds: Record<string, number[]> = {};
  for (const name of Object.keys(measured)) measured[name]!(); // Warm up: JIT and keyspace.
  for (let i = 0; i < options.pairs; i += 1) {
    for (const [name, stage] of Object.entries(measured)) (rounds[name] ??= []).push(stage());
    options.progress(`round ${i + 1} of ${options.pairs}`);
  }
  const raw = await rawCopy(scaled(RAW_BATCHES, options));
  const ns = (name: string): number => median(rounds[name]!);
  const figures: Figure[] = [
    { name: 'parse, and answer PING', value: ns('ping'), unit: 'ns' },
    { name: 'execute GET', value: ns('get') - ns('ping'), unit: 'ns' },
    { name: 'execute SET', value: ns('setSilently') - ns('ping'), unit: 'ns' },
    { name: 'append SET to the ring', value: ns('set') - ns('setSilently'), unit: 'ns' },
    { name: 'copy SET out of the ring (replica)', value: ns('copy'), unit: 'ns' },
    { name: 'apply SET (replica)', value: ns('apply'), unit: 'ns' },
    { name: 'whole SET on the master', value: ns('set'), unit: 'ns' },
    { name: 'whole SET on a replica', value: ns('copy') + ns('apply'), unit: 'ns' },
    { name: 'raw: 1 MB batches into the ring', value: raw.inBytesPerSecond / 1e6, unit: 'MB/s' },
    { name: 'raw: out of the ring', value: raw.outBytesPerSecond / 1e6, unit: 'MB/s' },
  ];
  return section(`Stages of a command, one thread, ${digits(LOAD.keys)} keys`, { figures });
}

function makeCore(module: CoreModule): Core {
  const core = new Core(module, Core.createMemory(), {
    databases: 1,
    backlogBytes: 64 << 20,
    maxmemoryBytes: 0,
    seed: 1,
  });
  core.setNow(1_700_000_000_000);
  core.setStreamDb(0);
  return core;
}

/** GETs of the same keys in the same order. */
function getsLike(sets: Uint8Array): Uint8Array {
  const keys = Buffer.from(sets)
    .toString('latin1')
    .matchAll(/key:\d{12}/g);
  return Buffer.concat([...keys].map(([key]) => encodeCommand(['GET', key])));
}

/** @returns ns a command. The copy of the request into the core's memory is in it. */
function time(core: Core, batches: readonly Uint8Array[], flags: number, passes: number): number {
  const begin = performance.now();
  for (let pass = 0; pass < passes; pass += 1) {
    for (const batch of batches) {
      const at = core.input(batch.length);
      core.write(at, batch);
      core.execute(at, batch.length, flags, 0);
    }
  }
  return nsEach(begin, passes * batches.length);
}

/** The ring holds more than one pass: each is written, untimed, and then read. */
function timeCopy(core: Core, batches: readonly Uint8Array[], passes: number): number {
  const reader = new RingReader(core.memory);
  const into = new Uint8Array(new SharedArrayBuffer(64 * 1024));
  let ms = 0;
  for (let pass = 0; pass < passes; pass += 1) {
    let cursor = core.head();
    time(core, batches, 0, 1);
    const begin = performance.now();
    while (cursor < core.head()) {
      const read = reader.read(cursor, reader.history(), into);
      if (read.state !== 'copied') throw new Error(`the ring cannot be read: ${read.state}`);
      cursor += read.bytes;
    }
    ms += performance.now() - begin;
  }
  return (ms * 1e6) / (passes * batches.length * LOAD.commandsPerBatch);
}

function nsEach(begin: number, batches: number): number {
  return ((performance.now() - begin) * 1e6) / (batches * LOAD.commandsPerBatch);
}
