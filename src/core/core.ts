/**
 * The data core's host: one node's memory and the WebAssembly instance that runs on it.
 *
 * One Core exists per memory, in the thread that owns the node. It is a thin skin: copying bytes
 * in and out, registers by name; what it does besides running commands has its own files
 * (snapshots.ts, loader.ts, upkeep.ts, awaited-keys.ts). What other threads may do with a memory,
 * without a Core, is in src/backlog (the ring) and src/keyspace/shared-reader.ts (keys).
 *
 * Views of the memory are renewed when it has grown, so no caller keeps one across a call.
 */
import { readFile } from 'node:fs/promises';
import { packageFile } from '../base/package-file.js';
import { alignmentOf } from '../base/alignment.js';
import { unusable } from '../base/refuse.js';
import * as collections from './assembly/collections/layout.js';
import * as layout from './assembly/layout.js';
import { encodeCommand } from '../resp/encode-command.js';

import { aborter } from './abort.js';
import { AwaitedKeys } from './awaited-keys.js';
import type { CoreExports } from './exports.js';
import { CoreLoader } from './loader.js';
import { type CoreMemory, memoryUse } from './memory-use.js';
import type { NodeMemory } from './memory-view.js';
import { CoreNotes } from './notes.js';
import { outOfMemory } from './out-of-memory.js';
import { decimalParser } from './parse-decimal.js';
import { RenamedCommands } from './renamed-commands.js';
import { CoreSnapshots } from './snapshots.js';
import { CoreUpkeep } from './upkeep.js';

/** 64 KiB pages: what asconfig.json says, which the module's import must match. */
const INITIAL_PAGES = 40;
const MAXIMUM_PAGES = 65536;
const BUILDS = new Map([
  ['release', 'core.wasm'],
  ['debug', 'core.debug.wasm'],
]);
const TWO_32 = 2 ** 32;

/** Limits of collections until the host sets others. */
const DEFAULT_LIMITS = [
  [collections.HASH_MAX_ENTRIES, 512],
  [collections.HASH_MAX_VALUE, 64],
  [collections.SET_MAX_INTSET, 512],
  [collections.ZSET_MAX_ENTRIES, 128],
  [collections.ZSET_MAX_VALUE, 64],
  [collections.LIST_MAX_SIZE, -2],
  [collections.STREAM_NODE_MAX_BYTES, 4096],
  [collections.STREAM_NODE_MAX_ENTRIES, 100],
] as const;

export interface CoreOptions {
  readonly databases: number;
  /** The backlog ring's size, bytes. */
  readonly backlogBytes: number;
  /** `maxmemory`, bytes; 0: none but wasm32's 4 GiB. */
  readonly maxmemoryBytes: number;
  /** For the index's hash; an integer, secret to clients. */
  readonly seed: bigint | number;
}

/** The compiled core: made once per process, posted to every node's worker. */
export type CoreModule = WebAssembly.Module;

export class Core extends CoreNotes {
  readonly databases: number;
  /** The instance's functions, for the keyspace (src/keyspace). */
  readonly exports: CoreExports;
  /** What the keyspace does by itself: evict, expire, free, defragment. */
  readonly upkeep: CoreUpkeep;
  readonly snapshots: CoreSnapshots;
  readonly loader: CoreLoader;
  /** The keys that clients are blocked on. */
  readonly awaited: AwaitedKeys;
  /** Commands that are called by other names. */
  readonly renamed: RenamedCommands;
  readonly #startupBytes: number;

  /**
   * The environment's RINGLEADER_CORE chooses the build: `debug` has all assertions (of a working
   * copy only: the package brings none), `release`, as without it, those that cost nothing.
   */
  static async compile(): Promise<CoreModule> {
    const build = process.env['RINGLEADER_CORE'] ?? 'release';
    const file = BUILDS.get(build);
    if (file === undefined) throw unusable('RINGLEADER_CORE', 'debug or release', build);
    return WebAssembly.compile(await readFile(packageFile(`dist/src/core/${file}`)));
  }

  /** The module that reads a node's memory from other threads (keyspace/shared-reader.ts). */
  static async compileReader(): Promise<CoreModule> {
    return WebAssembly.compile(await readFile(packageFile('dist/src/core/reader.wasm')));
  }

  /**
   * A memory for one node; the main thread makes it, so that it outlives the node's thread.
   *
   * @param maximum - 64 KiB pages: fewer than wasm32's 65536 make a node that runs out sooner.
   */
  static createMemory(maximum = MAXIMUM_PAGES): NodeMemory {
    return new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum, shared: true });
  }

  /**
   * @param memory - fresh: a memory that a core has run on is for reading only.
   * @throws OUT_OF_MEMORY: there is none for the ring.
   */
  constructor(module: CoreModule, memory: NodeMemory, options: CoreOptions) {
    super(memory);
    const instance = new WebAssembly.Instance<CoreExports>(module, {
      env: { memory, abort: aborter(memory) },
      // By the name of the file that declares it.
      'double-parse': { parseDecimal: decimalParser(memory) },
    });
    this.databases = options.databases;
    this.exports = instance.exports;
    const seed = BigInt.asUintN(64, BigInt(options.seed));
    // Beyond 32 bits the core would be given another number.
    if (options.backlogBytes >= 2 ** 32) throw outOfMemory(options.backlogBytes);
    const isReady = this.exports.init(
      options.databases,
      options.backlogBytes,
      Number(seed & 0xffffffffn),
      Number(seed >> 32n),
    );
    if (!isReady) throw outOfMemory(options.backlogBytes);
    this.upkeep = new CoreUpkeep(this);
    this.renamed = new RenamedCommands(this);
    this.snapshots = new CoreSnapshots(this);
    this.loader = new CoreLoader(this);
    for (const [register, value] of DEFAULT_LIMITS) this.setLimit(register, value);
    this.awaited = new AwaitedKeys(this);
    this.setMaxmemory(options.maxmemoryBytes);
    this.setProtoMaxBulk(512 * 1024 * 1024);
    this.#startupBytes = this.readI64(layout.USED_MEMORY) - options.backlogBytes;
  }

  // ── Memory ─────────────────────────────────────────────────────────────────────────────────────

  usedMemory(): number {
    return this.readI64(layout.USED_MEMORY);
  }

  /** Take stock; looks at every page of the heap. */
  memoryUse(): CoreMemory {
    return memoryUse(this, this.#startupBytes);
  }

  // ── Clock and limits ──────────────────────────────────────────────────────────────────────────

  /** The core's clock, Unix ms. Set before each call; within it time stands still. */
  setNow(unixMs: number): void {
    this.writeI64(layout.NOW, unixMs);
  }

  /** @param bytes - 0: no limit. */
  setMaxmemory(bytes: number): void {
    this.writeI64(layout.MAXMEMORY, bytes);
  }

  setProtoMaxBulk(bytes: number): void {
    this.words[layout.PROTO_MAX_BULK >>> 2] = Math.min(bytes, 0xfff00000);
  }

  /** @param register - of one of the limits of collections (assembly/collections/layout.ts). */
  setLimit(register: number, value: number): void {
    this.writeU32(register, Math.min(value, 0xffffffff));
  }

  // ── Readers in other threads ──────────────────────────────────────────────────────────────────

  /**
   * Whether the keyspace is a whole one: what other threads may read (keyspace/shared-reader.ts).
   */
  setWhole(isWhole: boolean): void {
    Atomics.store(this.words, layout.WHOLE >>> 2, isWhole ? 1 : 0);
  }

  // ── Running commands ──────────────────────────────────────────────────────────────────────────

  /**
   * Where to write so many bytes of requests. What was there before may be lost, so ask for an
   * area once the last command handed over from it is done.
   *
   * @param alignment - of the bytes that will be put there (base/alignment.ts).
   * @returns 0: memory is exhausted.
   */
  input(length: number, alignment = 0): number {
    const area = this.exports.inputArea(length + alignment) >>> 0;
    return area === 0 ? 0 : area + alignment;
  }

  /**
   * Run requests.
   *
   * @param flags - FLAG_*.
   * @param db - the client's database; with FLAG_APPLY, the stream's until it says otherwise.
   * @returns STATUS_*; registers say how much was consumed, needed, replied.
   */
  execute(ptr: number, length: number, flags: number, db: number): number {
    return this.exports.execute(ptr, length, flags, db);
  }

  /**
   * Run one command given as arguments. Replaces the argument table and the replies.
   *
   * @returns STATUS_*.
   */
  run(args: readonly (Uint8Array | string)[], flags: number, db: number): number {
    const encoded = encodeCommand(args);
    return this.execute(this.scratch(encoded), encoded.length, flags, db);
  }

  /** Bytes of the input that the last execute() has dealt with. */
  get consumed(): number {
    return this.readU32(layout.CONSUMED);
  }

  /** Bytes, from `consumed` on, without which calling again is vain; 0: any more will do. */
  get need(): number {
    return this.readU32(layout.NEED);
  }

  /**
   * Whether the command handed over is a MULTI whose transaction lies whole in the input behind it.
   *
   * @returns its bytes, up to the end of EXEC; 0: it is no such one.
   */
  transactionAhead(at: number, bytes: number): number {
    return this.exports.transactionAhead(at, at + bytes);
  }

  /** The transaction that transactionAhead() has found, without its EXEC. */
  ahead(): { readonly commands: number; readonly writes: number; readonly bytes: number } {
    const { exports } = this;
    return {
      commands: exports.aheadCommands(),
      writes: exports.aheadWrites(),
      bytes: exports.aheadBytes(),
    };
  }

  /** @returns the core's number of a command, by its name; 0: the core has none of that name. */
  idOf(name: string): number {
    return this.exports.findCommand(this.scratch(Buffer.from(name)), name.length);
  }

  /** The handed-over command's arguments, copied; they are there until the next execute or run. */
  args(): Buffer[] {
    const count = this.readU32(layout.ARGC);
    const table = this.readU32(layout.ARGV);
    const args: Buffer[] = [];
    for (let slot = table; slot < table + count * 8; slot += 8) {
      args.push(this.copyOut(this.readU32(slot), this.readU32(slot + 4)));
    }
    return args;
  }

  /**
   * The core's number of the last call's last command, if it was a slow one; else 0. Its
   * arguments can then be read until the next call.
   */
  get slowId(): number {
    return this.readU32(layout.SLOW_ID);
  }

  get replyLength(): number {
    return this.readU32(layout.REPLY_LEN);
  }

  /** The last call's replies, copied; they are taken once. */
  takeReplies(): Buffer {
    const bytes = this.copyOut(this.readU32(layout.REPLY_PTR), this.replyLength);
    this.words[layout.REPLY_LEN >>> 2] = 0;
    return bytes;
  }

  /** Changes, as Redis counts them, modulo 2^32. */
  get dirty(): number {
    return this.readU32(layout.DIRTY);
  }

  /** Count changes that the host has made itself. */
  addDirty(changes: number): void {
    this.words[layout.DIRTY >>> 2] = this.dirty + changes;
  }

  /** Room for bytes that the core shall read, until the next use. @returns 0: no memory. */
  scratchArea(length: number): number {
    return this.exports.scratchArea(length) >>> 0;
  }

  /** Put bytes where the core can read them, until the next use of it. @throws OUT_OF_MEMORY */
  scratch(bytes: Uint8Array): number {
    const alignment = alignmentOf(bytes);
    const area = this.scratchArea(bytes.length + alignment);
    if (area === 0) throw outOfMemory(bytes.length);
    this.write(area + alignment, bytes);
    return area + alignment;
  }

  // ── The stream of writes ──────────────────────────────────────────────────────────────────────

  /** Append a command that the host executed (SELECT is put before it as needed). */
  append(db: number, args: readonly (Uint8Array | string)[]): void {
    const encoded = encodeCommand(args);
    this.exports.appendCommand(db, this.scratch(encoded), encoded.length);
  }

  /** The offset of the last byte appended, published or not. */
  get appended(): number {
    return this.exports.appended();
  }

  /** Take out bytes that are not published yet. @returns false: they are overwritten. */
  cutAppended(from: number, length: number): boolean {
    return this.exports.cutAppended(from, length) !== 0;
  }

  /** Publish what was appended. @returns false: fenced, and what was pending is void. */
  publish(): boolean {
    return this.exports.publish() !== 0;
  }

  /** The replication offset: bytes published. */
  head(): number {
    const words = this.words;
    const high = Atomics.load(words, (layout.HEAD >>> 2) + 1) & 0x7fffffff;
    return high * TWO_32 + Atomics.load(words, layout.HEAD >>> 2);
  }

  /** The offset from which on bytes have ever been in the ring. */
  get histStart(): number {
    return this.readI64(layout.HIST_START);
  }

  /** @returns the oldest offset from which a reader can still go on. */
  firstOffset(): number {
    return Math.max(this.histStart, this.readI64(layout.RESERVED) - this.ringSize);
  }

  get ringBase(): number {
    return this.readU32(layout.RING_BASE);
  }

  get ringSize(): number {
    return this.readU32(layout.RING_SIZE);
  }

  /** @returns false: memory is exhausted, the ring stays as it is. */
  resizeRing(bytes: number): boolean {
    return this.exports.resize(bytes) !== 0;
  }

  /** A step of growRing() (ring.ts). @returns bytes left to copy; -1: memory is exhausted. */
  growRing(bytes: number, budget: number): number {
    return this.exports.grow(bytes, budget);
  }

  /** Begin a new history after `offset`, of which nothing is in the ring yet. */
  resetHistory(offset: number): void {
    this.exports.resetHistory(offset);
  }

  /** The database that the stream has selected; -1: none, the next write says it. */
  get streamDb(): number {
    return this.readU32(layout.STREAM_DB) | 0;
  }

  setStreamDb(db: number): void {
    this.words[layout.STREAM_DB >>> 2] = db;
  }

  isFenced(): boolean {
    return (Atomics.load(this.words, (layout.HEAD >>> 2) + 1) | 0) < 0;
  }

  /** 1 + the index of who set the fence; 0: it is not set. */
  fencedBy(): number {
    return Atomics.load(this.words, layout.FENCED_BY >>> 2);
  }

  /** Whether a failed publish left writes in the keyspace that the stream does not have. */
  get diverged(): boolean {
    return this.readU32(layout.DIVERGED) !== 0;
  }

  /** Take the fence away, and with it the note of having diverged. */
  unfence(): void {
    this.exports.unfence();
  }

  /** @returns the CRC-64 (src/rdb/crc64.ts) of what had `sum`, and these bytes; unsigned. */
  crc64(sum: bigint, bytes: Uint8Array): bigint {
    const next = this.exports.crc64(sum, this.scratch(bytes), bytes.length);
    return BigInt.asUintN(64, next);
  }
}
