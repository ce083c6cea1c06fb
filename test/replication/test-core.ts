/**
 * The data core's contract (ReplicationCore) in a hundred lines of plain TypeScript over a real
 * shared ring: SET, DEL and PING, everything else handed over. Replication's tests run on it, so
 * that a failure of theirs is replication's.
 */
import {
  FENCED_BY,
  FLAG_APPLY,
  HEAD,
  HIST_START,
  MAGIC,
  MAGIC_VALUE,
  RESERVED,
  RING_BASE,
  RING_GENERATION,
  RING_SIZE,
  STATUS_COMMAND,
  STATUS_DONE,
  STATUS_FENCED,
} from '../../src/core/assembly/layout.js';
import type { KeyLoader, LoadedRun } from '../../src/core/loader.js';
import type { SnapshotMaker } from '../../src/core/snapshots.js';
import { Incomplete, RdbCursor } from '../../src/rdb/cursor.js';
import { encodeLength } from '../../src/rdb/encode.js';
import type { ReplicationCore } from '../../src/replication/environment.js';
import { type GrowableMemory, createMemory } from '../backlog/ring-writer.js';

const FENCE = -(2n ** 63n);

export function encodeCommand(args: readonly (Uint8Array | string)[]): Buffer {
  const parts = [Buffer.from(`*${args.length}\r\n`)];
  for (const arg of args) {
    const bytes = Buffer.from(arg);
    parts.push(Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from('\r\n'));
  }
  return Buffer.concat(parts);
}

export class TestCore implements ReplicationCore {
  readonly memory: GrowableMemory = createMemory();
  readonly databases = Array.from({ length: 16 }, () => new Map<string, string>());
  readonly incoming = Array.from({ length: 16 }, () => new Map<string, string>());
  /** Slices of snapshots not given back: address to length. */
  readonly lent = new Map<number, number>();
  consumed = 0;
  need = 0;
  diverged = false;
  ringSize = 0;
  #args: Buffer[] = [];
  #heapEnd = 0x20000;
  #base = 0;
  #input = { at: 0, bytes: 0 };
  #tail = 0;
  #published = 0;
  #streamDb = -1;
  #loadDb = 0;
  #snapshot: Buffer | null = null;

  constructor(ringBytes: number) {
    this.#place(ringBytes);
    this.#store32(MAGIC, MAGIC_VALUE);
  }

  get u8(): Uint8Array {
    return new Uint8Array(this.memory.buffer);
  }

  get histStart(): number {
    return Number(Atomics.load(this.#longs, HIST_START >> 3));
  }

  setNow(): void {}

  usedMemory(): number {
    return this.#heapEnd;
  }

  args(): Buffer[] {
    return this.#args;
  }

  input(length: number): number {
    if (this.#input.bytes < length) this.#input = { at: this.#allocate(length), bytes: length };
    return this.#input.at;
  }

  execute(pointer: number, length: number, flags: number, db: number): number {
    const bytes = Buffer.from(this.u8.slice(pointer, pointer + length));
    let at = 0;
    let status = STATUS_DONE;
    for (;;) {
      const command = parse(bytes, at);
      if (command === null) break;
      const { args, end } = command;
      const isApplying = (flags & FLAG_APPLY) !== 0;
      const isSelect = isApplying && args[0]!.toString() === 'SELECT';
      if (isSelect) this.#streamDb = Number(args[1]);
      const isOurs = isSelect || this.#run(args, isApplying ? Math.max(0, this.#streamDb) : db);
      if (isApplying) this.#write(bytes.subarray(at, end));
      else if (isOurs) this.append(db, args);
      at = end;
      if (!isOurs) {
        this.#args = args;
        status = STATUS_COMMAND;
        break;
      }
    }
    this.consumed = at;
    return this.publish() ? status : STATUS_FENCED;
  }

  append(db: number, args: readonly (Uint8Array | string)[]): void {
    if (db !== this.#streamDb) {
      this.#streamDb = db;
      this.#write(encodeCommand(['SELECT', String(db)]));
    }
    this.#write(encodeCommand(args));
  }

  /** Bytes as they are, well-formed or not. */
  appendRaw(bytes: Uint8Array): void {
    this.#write(bytes);
  }

  publish(): boolean {
    const from = BigInt(this.#published);
    if (this.#tail === this.#published) return true;
    const seen = Atomics.compareExchange(this.#longs, HEAD >> 3, from, BigInt(this.#tail));
    if (seen === from) {
      this.#published = this.#tail;
      return true;
    }
    this.diverged = true;
    this.#tail = this.#published;
    return false;
  }

  head(): number {
    return Number(BigInt.asUintN(63, Atomics.load(this.#longs, HEAD >> 3)));
  }

  isFenced(): boolean {
    return Atomics.load(this.#longs, HEAD >> 3) < 0n;
  }

  unfence(): void {
    Atomics.and(this.#longs, HEAD >> 3, ~FENCE);
    this.#store32(FENCED_BY, 0);
    this.diverged = false;
  }

  resizeRing(bytes: number): boolean {
    const oldest = Math.max(this.histStart, this.#tail - Math.min(bytes, this.ringSize));
    const kept = this.u8;
    const [base, size] = [this.#base, this.ringSize];
    Atomics.add(this.#words, RING_GENERATION >> 2, 1);
    this.#place(bytes);
    const moved = this.u8;
    for (let offset = oldest; offset < this.#tail; offset++) {
      moved[this.#base + (offset % bytes)] = kept[base + (offset % size)]!;
    }
    this.#store64(HIST_START, oldest);
    Atomics.add(this.#words, RING_GENERATION >> 2, 1);
    return true;
  }

  resetHistory(offset: number): void {
    this.#tail = offset;
    this.#published = offset;
    this.#streamDb = -1;
    for (const at of [HIST_START, RESERVED, HEAD]) this.#store64(at, offset);
  }

  get streamDb(): number {
    return this.#streamDb;
  }

  setStreamDb(db: number): void {
    this.#streamDb = db;
  }

  readonly snapshots: SnapshotMaker = {
    keys: 0,
    begin: () => {
      const parts: Buffer[] = [];
      for (const [db, keys] of this.databases.entries()) {
        if (keys.size > 0) parts.push(Buffer.of(254), encodeLength(db));
        for (const [key, value] of keys) {
          parts.push(Buffer.of(0), plain(key), plain(value));
        }
      }
      this.#snapshot = Buffer.concat(parts);
    },
    step: (maxBytes) => {
      const bytes = this.#snapshot!.subarray(0, maxBytes);
      this.#snapshot = this.#snapshot!.subarray(maxBytes);
      const at = this.#allocate(bytes.length);
      this.u8.set(bytes, at);
      this.lent.set(at, bytes.length);
      return { at, length: bytes.length, isLast: this.#snapshot.length === 0 };
    },
    // What was freed is overwritten at once: nothing may still read it.
    give: (at) => {
      this.u8.fill(0xff, at, at + this.lent.get(at)!);
      this.lent.delete(at);
    },
    end: () => {
      this.#snapshot = null;
    },
  };

  readonly loader: KeyLoader & { number: number } = {
    number: 0,
    keys: 0,
    setDb: (db) => {
      this.#loadDb = db;
      this.loader.number += 1;
    },
    check: (bytes) => this.#loadRun(bytes, () => {}),
    run: (bytes) =>
      this.#loadRun(bytes, (key, value) => this.databases[this.#loadDb]!.set(key, value)),
    runIncoming: (bytes) =>
      this.#loadRun(bytes, (key, value) => this.incoming[this.#loadDb]!.set(key, value)),
    openIncoming: () => this.loader.dropIncoming(),
    dropIncoming: () => {
      for (const keys of this.incoming) keys.clear();
    },
    swapIncoming: () => {
      for (const [db, keys] of this.databases.entries()) {
        keys.clear();
        for (const [key, value] of this.incoming[db]!) keys.set(key, value);
      }
      this.loader.dropIncoming();
    },
  };

  /** The snapshots of tests have no checksum: what is computed is not looked at. */
  crc64(sum: bigint): bigint {
    return sum;
  }

  #loadRun(bytes: Uint8Array, put: (key: string, value: string) => void): LoadedRun {
    const cursor = new RdbCursor(bytes);
    let consumed = 0;
    try {
      while (!cursor.atEnd) {
        const opcode = cursor.byte();
        if (opcode === 254) this.#loadDb = cursor.length();
        else if (opcode === 0) {
          const key = cursor.string().toString();
          put(key, cursor.string().toString());
        } else return { consumed, neededBytes: 0 };
        consumed = cursor.position;
      }
    } catch (error) {
      if (!(error instanceof Incomplete)) throw error;
      return { consumed, neededBytes: error.neededBytes - consumed };
    }
    return { consumed, neededBytes: 0 };
  }

  // ── For tests ─────────────────────────────────────────────────────────────────────────────────

  /** All keys, as `db/key=value`, sorted. */
  contents(): string[] {
    return this.databases
      .flatMap((keys, db) => [...keys].map(([key, value]) => `${db}/${key}=${value}`))
      .toSorted();
  }

  isEmpty(): boolean {
    return this.databases.every((keys) => keys.size === 0);
  }

  flushAll(): void {
    for (const keys of this.databases) keys.clear();
  }

  #run(args: Buffer[], db: number): boolean {
    const [name, key, value] = args.map((arg) => arg.toString());
    if (name === 'SET') this.databases[db]!.set(key!, value!);
    else if (name === 'DEL') this.databases[db]!.delete(key!);
    else return name === 'PING';
    return true;
  }

  #write(bytes: Uint8Array): void {
    this.#store64(RESERVED, Math.max(this.#tail + bytes.length, this.#published));
    const memory = this.u8;
    for (const [index, byte] of bytes.entries()) {
      memory[this.#base + ((this.#tail + index) % this.ringSize)] = byte;
    }
    this.#tail += bytes.length;
  }

  #place(ringBytes: number): void {
    this.#base = this.#allocate(ringBytes);
    this.ringSize = ringBytes;
    this.#store32(RING_BASE, this.#base);
    this.#store32(RING_SIZE, ringBytes);
  }

  #allocate(bytes: number): number {
    const at = this.#heapEnd;
    this.#heapEnd += bytes;
    const missing = this.#heapEnd - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / 65536));
    return at;
  }

  get #words(): Int32Array {
    return new Int32Array(this.memory.buffer);
  }

  get #longs(): BigInt64Array {
    return new BigInt64Array(this.memory.buffer);
  }

  #store32(at: number, value: number): void {
    Atomics.store(this.#words, at >> 2, value);
  }

  #store64(at: number, value: number): void {
    Atomics.store(this.#longs, at >> 3, BigInt(value));
  }
}

/** A string as the core's snapshots hold it: uncompressed. */
const plain = (text: string): Buffer =>
  Buffer.concat([encodeLength(Buffer.byteLength(text)), Buffer.from(text)]);

/** The command at `at`; null: it is not all there. */
function parse(bytes: Buffer, at: number): { args: Buffer[]; end: number } | null {
  const line = (from: number): { value: number; next: number } | null => {
    const end = bytes.indexOf('\r\n', from);
    if (end === -1) return null;
    return { value: Number(bytes.toString('latin1', from + 1, end)), next: end + 2 };
  };
  const header = line(at);
  if (header === null) return null;
  const args: Buffer[] = [];
  let { next } = header;
  for (let index = 0; index < header.value; index++) {
    const bulk = line(next);
    if (bulk === null || bulk.next + bulk.value + 2 > bytes.length) return null;
    args.push(bytes.subarray(bulk.next, bulk.next + bulk.value));
    next = bulk.next + bulk.value + 2;
  }
  return { args, end: next };
}
