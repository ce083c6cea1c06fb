/**
 * A database over the data core, for commands that live in TypeScript.
 *
 * Expiry is honoured as the core's own commands do it: on a master, meeting a key whose time has
 * come deletes it and puts a DEL into the stream; a replica hides it; while a master's stream is
 * applied it is there. What these methods change goes to no replica by itself: the command that
 * calls them says what does.
 *
 * Keys and values are copied in and out, but for the two methods that say otherwise, which spare
 * large strings the copy.
 */
import {
  ENTRY_IS_RAW,
  ENTRY_IS_TEXT,
  FLAG_APPLY,
  FLAG_REPLICA,
  NOW,
  SCAN_LEN,
  SCAN_PTR,
} from '../core/assembly/layout.js';
import type { Core } from '../core/core.js';
import { ReplyError } from '../resp/reply.js';
import { StreamHandle } from './stream-handle.js';
import { EntryReader, type StringEncoding, type TypeName } from './entry-reader.js';
import { Lists } from './lists.js';
import { type CollectionEncoding, type ValuePlace, Values } from './values.js';

/** As the core's putString() and putExpiry() take it. */
const EXPIRY_NONE = 0;
const EXPIRY_KEEP = 1;
const EXPIRY_AT = 2;

export interface SetOptions {
  /** Keep the expiry that the key has. */
  readonly keepTtl?: boolean;
  /** Unix ms; a bigint where it may be beyond 2^53. */
  readonly expireAtMs?: number | bigint;
  /** The string is text even where it reads like an integer: its encoding is not `int`. */
  readonly isText?: boolean;
  /** Its encoding is `raw`, as if it had been changed in place. */
  readonly isRaw?: boolean;
}

/** What decides about expired keys: the node sets it when it changes its role. */
export interface ExpiryRole {
  isReplica: boolean;
  /** A command of the master's stream is being executed. */
  isApplying: boolean;
}

type Bytes = Uint8Array | string;

/** An access clock has 24 bits. */
const ACCESS_CLOCK_MASK = 0xffffff;

export class Database {
  readonly id: number;
  readonly #core: Core;
  readonly #entries: EntryReader;
  readonly #role: ExpiryRole;
  /** Values of any type: as RDB's bytes, collections by their elements. */
  readonly values: Values;
  readonly lists: Lists;

  constructor(core: Core, id: number, role: ExpiryRole) {
    this.id = id;
    this.#core = core;
    this.#entries = new EntryReader(core);
    this.#role = role;
    const place: ValuePlace = {
      id,
      core,
      entries: this.#entries,
      flags: () => this.#flags,
      lookup: (key, isRead) => this.#lookup(key, isRead),
      scratch: (first, second, third) => this.#scratch(first, second, third)[0],
    };
    this.values = new Values(place);
    this.lists = new Lists(place);
  }

  /** @throws ReplyError WRONGTYPE */
  getString(key: Bytes): Buffer | null {
    return this.#copyAt(this.#lookup(key, true));
  }

  /** The same, without counting a hit or miss or noting an access. @throws ReplyError WRONGTYPE */
  peekString(key: Bytes): Buffer | null {
    return this.#copyAt(this.#lookup(key, false));
  }

  #copyAt(entry: number): Buffer | null {
    return entry === 0 ? null : Buffer.from(this.#entries.view(entry));
  }

  /**
   * Store a string, whatever the key held before.
   *
   * @throws ReplyError OOM: nothing has changed.
   */
  setString(key: Bytes, value: Bytes, options: SetOptions = {}): void {
    const [at, keySize, size] = this.#scratch(key, value);
    const isDone = this.#core.exports.putString(
      this.id,
      this.#flags,
      at,
      keySize,
      at + keySize,
      size,
      expiryMode(options),
      BigInt(options.expireAtMs ?? 0),
      (options.isText === true ? ENTRY_IS_TEXT : 0) | (options.isRaw === true ? ENTRY_IS_RAW : 0),
    );
    if (!isDone) throw outOfMemory();
  }

  /**
   * The string at a key where it stands: to be read before anything is changed. Looking up other
   * keys leaves it be.
   *
   * @returns null: there is no such key.
   * @throws ReplyError WRONGTYPE
   */
  viewString(key: Bytes): Uint8Array | null {
    return this.#viewAt(this.#lookup(key, true));
  }

  /** The same, without counting a hit or miss or noting an access. @throws ReplyError WRONGTYPE */
  peekView(key: Bytes): Uint8Array | null {
    return this.#viewAt(this.#lookup(key, false));
  }

  #viewAt(entry: number): Uint8Array | null {
    return entry === 0 ? null : this.#entries.view(entry);
  }

  /**
   * The string at a key where it stands, to be changed in place before any other call, which must
   * be closeString(). One that is missing or too short is made `length` bytes long with zeros.
   *
   * @returns all of it, and whether it was made or made longer.
   * @throws ReplyError WRONGTYPE
   * @throws ReplyError OOM: nothing has changed.
   */
  openString(key: Bytes, length: number): { readonly bytes: Uint8Array; readonly grew: boolean } {
    if (length > 0xffffffff) throw outOfMemory();
    const held = this.#lookup(key, false);
    const grew = held === 0 || this.#entries.view(held).length < length;
    const [at, keySize] = this.#scratch(key);
    const entry = this.#core.exports.openString(this.id, this.#flags, at, keySize, length) >>> 0;
    if (entry === 0) throw outOfMemory();
    return { bytes: this.#entries.view(entry), grew };
  }

  /** What openString() gave has been changed: other threads may read it again. */
  closeString(): void {
    this.#core.exports.closeString();
  }

  /**
   * @returns the stream at a key, to be read; null: there is no such key. @throws ReplyError
   *   WRONGTYPE
   */
  readStream(key: Bytes): StreamHandle | null {
    const entry = this.#lookup(key, true);
    return entry === 0 ? null : new StreamHandle(this.#core, this.#entries.stream(entry));
  }

  /** The same, to be changed: it counts no hit. @throws ReplyError WRONGTYPE */
  changeStream(key: Bytes): StreamHandle | null {
    const entry = this.#lookup(key, false);
    if (entry === 0) return null;
    this.#entries.stream(entry); // Refuses what is none.
    const [at, length] = this.#scratch(key);
    const stream = this.#core.exports.changeStream(this.id, this.#flags, at, length) >>> 0;
    return new StreamHandle(this.#core, stream);
  }

  /** Make an empty stream at a key that is missing. @throws ReplyError OOM */
  makeStream(key: Bytes): StreamHandle {
    const [at, length] = this.#scratch(key);
    const stream = this.#core.exports.createStream(this.id, this.#flags, at, length) >>> 0;
    if (stream === 0) throw outOfMemory();
    return new StreamHandle(this.#core, stream);
  }

  /** Clients blocked on a stream are to look at it again: a group is gone. */
  signalStream(key: Bytes): void {
    const [at, length] = this.#scratch(key);
    this.#core.exports.signalStream(this.id, this.#flags, at, length);
  }

  /** @returns whether there was such a key. */
  delete(key: Bytes): boolean {
    const [at, length] = this.#scratch(key);
    return this.#core.exports.deleteKey(this.id, this.#flags, at, length) !== 0;
  }

  exists(key: Bytes): boolean {
    return this.#lookup(key, false) !== 0;
  }

  /** @returns whether the key is there and its time has not come; nothing is deleted. */
  isLive(key: Bytes): boolean {
    // A replica leaves what has expired where it is.
    return this.#lookup(key, false, FLAG_REPLICA) !== 0;
  }

  /** @returns whether the key is there, whether its time has come or not; nothing is deleted. */
  isStored(key: Bytes): boolean {
    return this.#lookup(key, false, FLAG_APPLY) !== 0;
  }

  typeOf(key: Bytes): TypeName {
    const entry = this.#lookup(key, false);
    return entry === 0 ? 'none' : this.#entries.typeName(entry);
  }

  /**
   * How Redis would hold the value. Of strings memory here knows no encodings, but clients ask.
   *
   * A string written whole is `int` if it is the decimal of a 64-bit integer, `embstr` if it is
   * short, else `raw`; one changed in place (APPEND, SETRANGE, SETBIT…) is `raw` until it is
   * written whole again.
   *
   * @returns null: there is no such key.
   * @see redis/redis 7.0.15 src/object.c, tryObjectEncoding()
   */
  encodingOf(key: Bytes): StringEncoding | CollectionEncoding | null {
    const entry = this.#lookup(key, false);
    if (entry === 0) return null;
    return this.#entries.encoding(entry) ?? this.values.encodingOf(bytesOf(key));
  }

  /** @returns Unix ms; -1: it has no expiry; -2: there is no such key. */
  expireAt(key: Bytes): number {
    const entry = this.#lookup(key, false);
    if (entry === 0) return -2;
    return this.#entries.isVolatile(entry) ? this.#entries.expireAt(entry) : -1;
  }

  /**
   * @returns 0 to 255, as OBJECT FREQ says; null: no such key. Of no meaning but under an LFU
   * policy.
   */
  frequency(key: Bytes): number | null {
    const [at, length] = this.#scratch(key);
    const frequency = this.#core.exports.frequency(this.id, this.#flags, at, length);
    return frequency < 0 ? null : frequency;
  }

  /** @returns whether there was such a key. @throws ReplyError OOM */
  setExpire(key: Bytes, unixMs: number): boolean {
    return this.#putExpiry(key, EXPIRY_AT, unixMs);
  }

  /** @returns whether the key had an expiry. */
  persist(key: Bytes): boolean {
    return this.expireAt(key) >= 0 && this.#putExpiry(key, EXPIRY_NONE, 0);
  }

  #putExpiry(key: Bytes, mode: number, unixMs: number): boolean {
    const [at, length] = this.#scratch(key);
    const { exports } = this.#core;
    const when = BigInt(unixMs);
    const result = exports.putExpiry(this.id, this.#flags, at, length, mode, when);
    if (result < 0) throw outOfMemory();
    return result === 1;
  }

  /** Keys, those included whose time has come but that no command has met yet. */
  size(): number {
    return this.#core.exports.keyCount(this.id) >>> 0;
  }

  /** How many buckets the index has, overflow buckets aside. */
  buckets(): number {
    return this.#core.exports.bucketCount(this.id) >>> 0;
  }

  expiresSize(): number {
    return this.#core.exports.volatileCount(this.id) >>> 0;
  }

  /** @returns ms, an estimate; 0: no key has an expiry. */
  avgTtl(): number {
    return Math.round(this.#core.exports.averageTtl(this.id));
  }

  /**
   * @returns a key drawn at random; null: there is none. On a replica whose keys have all expired
   * it may be one of those, as in Redis.
   */
  randomKey(): Buffer | null {
    for (let tries = 0; ; tries++) {
      const entry = this.#core.exports.randomEntry(this.id) >>> 0;
      if (entry === 0) return null;
      const key = this.#entries.key(entry);
      if (tries === 100 || this.exists(key)) return key;
    }
  }

  /**
   * Visit about `count` keys: SCAN's guarantee, that a key there from the first call to the last
   * is visited at least once. Keys whose time has come are not visited.
   *
   * @param cursor - what the last call returned; 0n begins. Anything is allowed.
   * @param onExpired - `meet` them, as other lookups do, or `leave` them where they are.
   * @returns the cursor to go on with; 0n: the whole database has been visited.
   */
  scan(
    cursor: bigint,
    count: number,
    visit: (key: Buffer) => void,
    onExpired: 'meet' | 'leave' = 'meet',
  ): bigint {
    const from = Number(BigInt.asUintN(32, cursor)) | 0;
    const next = this.#core.exports.scan(this.id, from, Math.min(count, 0x7fffffff)) >>> 0;
    for (const key of this.#scanned(onExpired)) visit(key);
    return BigInt(next);
  }

  /** The keys that the last scan found; those whose time has come are deleted or hidden. */
  #scanned(onExpired: 'meet' | 'leave'): Buffer[] {
    const core = this.#core;
    const list = core.readU32(SCAN_PTR);
    const nowMs = core.readI64(NOW);
    const keys: Buffer[] = [];
    const expired: Buffer[] = [];
    const length = core.readU32(SCAN_LEN);
    for (let i = 0; i < length; i++) {
      const entry = core.readU32(list + i * 4);
      const isExpired = this.#entries.isVolatile(entry) && this.#entries.expireAt(entry) < nowMs;
      const key = this.#entries.key(entry);
      if (isExpired && !this.#role.isApplying) expired.push(key);
      else keys.push(key);
    }
    // Deleting moves entries about, so it waits until all keys have been read.
    if (onExpired === 'meet') for (const key of expired) this.exists(key);
    return keys;
  }

  /** All keys, each at least once; keys that come or go meanwhile may be missed or met. */
  *keys(): IterableIterator<Buffer> {
    let cursor = 0n;
    do {
      const batch: Buffer[] = [];
      cursor = this.scan(cursor, 1000, (key) => batch.push(key));
      yield* batch;
    } while (cursor !== 0n);
  }

  /**
   * Move a key, with its expiry, to another name or database; what was there is gone.
   *
   * @returns whether there was such a key.
   * @throws ReplyError OOM
   */
  rename(from: Bytes, to: Bytes, toDb = this.id): boolean {
    if (toDb === this.id && bytesOf(from).equals(bytesOf(to))) return this.exists(from);
    const [at, length, toLength] = this.#scratch(from, to);
    const result = this.#core.exports.moveKey(
      this.id,
      this.#flags,
      at,
      length,
      toDb,
      at + length,
      toLength,
    );
    if (result < 0) throw outOfMemory();
    return result === 1;
  }

  /**
   * Give a value, with its expiry, another name or database as well; what was there is gone.
   *
   * @returns whether there was such a key.
   * @throws ReplyError OOM
   */
  copy(from: Bytes, to: Bytes, toDb = this.id): boolean {
    const [at, length, toLength] = this.#scratch(from, to);
    const { exports } = this.#core;
    const result = exports.copyKey(this.id, this.#flags, at, length, toDb, at + length, toLength);
    if (result < 0) throw outOfMemory();
    return result === 1;
  }

  /** Note an access, as reading the value does. @returns whether there is such a key. */
  touch(key: Bytes): boolean {
    return this.#lookup(key, true) !== 0;
  }

  /**
   * @returns seconds since the last access; null: no such key. Of no meaning under an LFU policy.
   */
  idleSeconds(key: Bytes): number | null {
    const entry = this.#lookup(key, false);
    if (entry === 0) return null;
    return (this.#nowSeconds() - this.#entries.accessClock(entry)) & ACCESS_CLOCK_MASK;
  }

  /** Make a key look as if it had last been used so long ago. */
  setIdleSeconds(key: Bytes, seconds: number): void {
    const idle = Math.min(seconds, ACCESS_CLOCK_MASK);
    this.#putAccess(key, (this.#nowSeconds() - idle) & ACCESS_CLOCK_MASK);
  }

  /** Make a key look as if it were used so often, under an LFU policy. */
  setFrequency(key: Bytes, frequency: number): void {
    const minutes = Math.floor(this.#nowSeconds() / 60) & 0xffff;
    this.#putAccess(key, (minutes << 8) | frequency);
  }

  #putAccess(key: Bytes, clock: number): void {
    const entry = this.#lookup(key, false);
    if (entry === 0) return;
    this.#entries.setAccessClock(entry, clock);
  }

  #nowSeconds(): number {
    return Math.floor(this.#core.readI64(NOW) / 1000);
  }

  /**
   * @returns bytes that a key takes, its share of the index included, even if its time has come and
   * no command has met it since, as in Redis; null: no such key.
   */
  memoryUsage(key: Bytes): number | null {
    const entry = this.#lookup(key, false, FLAG_APPLY);
    return entry === 0 ? null : this.#core.exports.footprint(this.id, entry) >>> 0;
  }

  /** @returns where the key's entry lies in the core's memory; null: no such key. */
  addressOf(key: Bytes): number | null {
    return this.#lookup(key, false) || null;
  }

  /**
   * Run something to which a key whose time has come, and which is still there, is a key like
   * others.
   */
  withExpired<T>(read: () => T): T {
    const before = this.#role.isApplying;
    this.#role.isApplying = true;
    try {
      return read();
    } finally {
      this.#role.isApplying = before;
    }
  }

  /**
   * Delete all keys.
   *
   * @param isLazy - free their memory afterwards, in slices (CoreUpkeep.free()).
   * @returns how many there were.
   */
  flush(isLazy = false): number {
    return this.#core.exports.flushDatabase(this.id, isLazy ? 1 : 0) >>> 0;
  }

  get #flags(): number {
    if (this.#role.isApplying) return FLAG_APPLY;
    return this.#role.isReplica ? FLAG_REPLICA : 0;
  }

  /**
   * @param isRead - count a hit or miss and note the access, as a command that reads does.
   * @param flags - what is done about a key whose time has come.
   */
  #lookup(key: Bytes, isRead: boolean, flags = this.#flags): number {
    const [at, length] = this.#scratch(key);
    return this.#core.exports.lookup(this.id, flags, at, length, isRead ? 1 : 0) >>> 0;
  }

  /** Put bytes one behind the other where the core can read them. */
  #scratch(
    first: Bytes,
    second: Bytes = '',
    third: Bytes = '',
  ): [at: number, length: number, secondLength: number] {
    const one = bytesOf(first);
    const two = bytesOf(second);
    const last = bytesOf(third);
    const at = this.#core.scratchArea(one.length + two.length + last.length);
    if (at === 0) throw outOfMemory();
    this.#core.write(at, one);
    this.#core.write(at + one.length, two);
    if (last.length > 0) this.#core.write(at + one.length + two.length, last);
    return [at, one.length, two.length];
  }
}

/** @returns the bytes as a Buffer, not copied. */
function bytesOf(bytes: Bytes): Buffer {
  if (typeof bytes === 'string') return Buffer.from(bytes);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function expiryMode({ keepTtl, expireAtMs }: SetOptions): number {
  if (expireAtMs !== undefined) return EXPIRY_AT;
  return keepTtl === true ? EXPIRY_KEEP : EXPIRY_NONE;
}

function outOfMemory(): ReplyError {
  return new ReplyError("OOM command not allowed when used memory > 'maxmemory'.");
}
