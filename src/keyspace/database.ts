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
import { ENTRY_IS_RAW, ENTRY_IS_TEXT, FLAG_APPLY, FLAG_REPLICA } from '../core/assembly/layout.js';
import type { Core } from '../core/core.js';
import { AccessClocks } from './access-clocks.js';
import type { EntryReader, StringEncoding, TypeName } from './entry-reader.js';
import { outOfMemory } from './errors.js';
import { type Bytes, bytesOf, CoreDatabase, type ExpiryRole } from './core-database.js';
import { Keys } from './keys.js';
import { Lists } from './lists.js';
import { Streams } from './streams.js';
import { type CollectionEncoding, Values } from './values.js';

/** As the core's putString() takes it. */
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

export class Database {
  readonly id: number;
  readonly #core: Core;
  readonly #entries: EntryReader;
  readonly #db: CoreDatabase;
  /** Values of any type: as RDB's bytes, collections by their elements. */
  readonly values: Values;
  readonly lists: Lists;
  readonly streams: Streams;
  /** All of its keys. */
  readonly keys: Keys;
  /** When, or how often, keys were used. */
  readonly access: AccessClocks;

  constructor(core: Core, id: number, role: ExpiryRole) {
    const db = new CoreDatabase(core, id, role);
    this.id = id;
    this.#core = core;
    this.#entries = db.entries;
    this.#db = db;
    this.values = new Values(db);
    this.lists = new Lists(db);
    this.streams = new Streams(db);
    this.keys = new Keys(db);
    this.access = new AccessClocks(db);
  }

  /** @returns a copy, for inspection: counts no hit and no access. @throws ReplyError WRONGTYPE */
  peekString(key: Bytes): Buffer | null {
    const entry = this.#db.lookup(key, false);
    return entry === 0 ? null : Buffer.from(this.#entries.view(entry));
  }

  /**
   * Store a string, whatever the key held before.
   *
   * @throws ReplyError OOM: nothing has changed.
   */
  setString(key: Bytes, value: Bytes, options: SetOptions = {}): void {
    const [at, keySize, size] = this.#db.scratch(key, value);
    const isDone = this.#core.exports.putString(
      this.id,
      this.#db.flags,
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
    return this.#viewAt(this.#db.lookup(key, true));
  }

  /** The same, without counting a hit or miss or noting an access. @throws ReplyError WRONGTYPE */
  peekView(key: Bytes): Uint8Array | null {
    return this.#viewAt(this.#db.lookup(key, false));
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
    const held = this.#db.lookup(key, false);
    const grew = held === 0 || this.#entries.view(held).length < length;
    const [at, keySize] = this.#db.scratch(key);
    const entry = this.#core.exports.openString(this.id, this.#db.flags, at, keySize, length) >>> 0;
    if (entry === 0) throw outOfMemory();
    return { bytes: this.#entries.view(entry), grew };
  }

  /** What openString() gave has been changed: other threads may read it again. */
  closeString(): void {
    this.#core.exports.closeString();
  }

  /** @returns whether there was such a key. */
  delete(key: Bytes): boolean {
    const [at, length] = this.#db.scratch(key);
    return this.#core.exports.deleteKey(this.id, this.#db.flags, at, length) !== 0;
  }

  exists(key: Bytes): boolean {
    return this.#db.lookup(key, false) !== 0;
  }

  /** @returns whether the key is there and its time has not come; nothing is deleted. */
  isLive(key: Bytes): boolean {
    // A replica leaves what has expired where it is.
    return this.#db.lookup(key, false, FLAG_REPLICA) !== 0;
  }

  /** @returns whether the key is there, whether its time has come or not; nothing is deleted. */
  isStored(key: Bytes): boolean {
    return this.#db.lookup(key, false, FLAG_APPLY) !== 0;
  }

  typeOf(key: Bytes): TypeName {
    const entry = this.#db.lookup(key, false);
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
    const entry = this.#db.lookup(key, false);
    if (entry === 0) return null;
    return this.#entries.encoding(entry) ?? this.values.encodingOf(bytesOf(key));
  }

  /** @returns Unix ms; -1: it has no expiry; -2: there is no such key. */
  expireAt(key: Bytes): number {
    const entry = this.#db.lookup(key, false);
    if (entry === 0) return -2;
    return this.#entries.isVolatile(entry) ? this.#entries.expireAt(entry) : -1;
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

  /** Keys whose expiry clients of this node gave while it was a replica. */
  ownExpiresSize(): number {
    return this.#core.exports.ownExpiryCount(this.id) >>> 0;
  }

  /** @returns ms, an estimate; 0: no key has an expiry. */
  avgTtl(): number {
    return Math.round(this.#core.exports.averageTtl(this.id));
  }

  /**
   * Move a key, with its expiry, to another name or database; what was there is gone.
   *
   * @returns whether there was such a key.
   * @throws ReplyError OOM
   */
  rename(from: Bytes, to: Bytes, toDb = this.id): boolean {
    if (toDb === this.id && bytesOf(from).equals(bytesOf(to))) return this.exists(from);
    return this.#carry('moveKey', from, to, toDb);
  }

  /**
   * Give a value, with its expiry, another name or database as well; what was there is gone.
   *
   * @returns whether there was such a key.
   * @throws ReplyError OOM
   */
  copy(from: Bytes, to: Bytes, toDb = this.id): boolean {
    return this.#carry('copyKey', from, to, toDb);
  }

  #carry(call: 'moveKey' | 'copyKey', from: Bytes, to: Bytes, toDb: number): boolean {
    const { id, flags } = this.#db;
    const [at, length, toLength] = this.#db.scratch(from, to);
    const { exports } = this.#core;
    const result = exports[call](id, flags, at, length, toDb, at + length, toLength);
    if (result < 0) throw outOfMemory();
    return result === 1;
  }

  /**
   * @returns bytes that a key takes, its share of the index included, even if its time has come and
   * no command has met it since, as in Redis; null: no such key.
   */
  memoryUsage(key: Bytes): number | null {
    const entry = this.#db.lookup(key, false, FLAG_APPLY);
    return entry === 0 ? null : this.#core.exports.footprint(this.id, entry) >>> 0;
  }

  /** @returns where the key's entry lies in the core's memory; null: no such key. */
  addressOf(key: Bytes): number | null {
    return this.#db.lookup(key, false) || null;
  }

  /**
   * Run something to which a key whose time has come, and which is still there, is a key like
   * others.
   */
  withExpired<T>(read: () => T): T {
    const before = this.#db.role.isApplying;
    this.#db.role.isApplying = true;
    try {
      return read();
    } finally {
      this.#db.role.isApplying = before;
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
}

function expiryMode({ keepTtl, expireAtMs }: SetOptions): number {
  if (expireAtMs !== undefined) return EXPIRY_AT;
  return keepTtl === true ? EXPIRY_KEEP : EXPIRY_NONE;
}
