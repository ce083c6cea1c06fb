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
import { RingReader } from '../backlog/ring-reader.js';
import { FLAG_APPLY, FLAG_REPLICA } from '../core/assembly/layout.js';
import { Core, type CoreModule } from '../core/core.js';
import { encodeCommand } from '../resp/encode-command.js';
import { setBatches } from './load/set-batches.js';
import { median } from './stats.js';

const LOAD = { keys: 100_000, size: 64, commandsPerBatch: 1000, batches: 100 };

export interface StagesOptions {
  /** Passes over all batches, per stage and round. */
  readonly passes: number;
  /** Batches of 1,000 commands; fewer than 100 measure a smaller keyspace. */
  readonly batches: number;
  /** The median of so many is taken. */
  readonly rounds: number;
  readonly progress: (round: number) => void;
}

/** ns a command. */
export interface Stages {
  readonly parse: number;
  readonly executeGet: number;
  readonly executeSet: number;
  readonly append: number;
  readonly copy: number;
  readonly apply: number;
  /** A whole SET on the master. */
  readonly onMaster: number;
}

/** A stage's measurement: ns a command, of one round. */
type Stage = () => number;

export async function measureStages(options: StagesOptions): Promise<Stages> {
  const module = await Core.compile();
  const { passes } = options;
  const sets = setBatches({ ...LOAD, batches: options.batches }).map(({ bytes }) => bytes);
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
  for (let i = 0; i < options.rounds; i += 1) {
    for (const [name, stage] of Object.entries(measured)) (rounds[name] ??= []).push(stage());
    options.progress(i + 1);
  }
  const ns = (name: string): number => median(rounds[name]!);
  return {
    parse: ns('ping'),
    executeGet: ns('get') - ns('ping'),
    executeSet: ns('setSilently') - ns('ping'),
    append: ns('set') - ns('setSilently'),
    copy: ns('copy'),
    apply: ns('apply'),
    onMaster: ns('set'),
  };
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
