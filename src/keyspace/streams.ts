/** Streams as commands of TypeScript find them; what one holds is in stream-handle.ts. */
import { outOfMemory } from './errors.js';
import type { Bytes, CoreDatabase } from './core-database.js';
import { StreamHandle } from './stream-handle.js';

export class Streams {
  readonly #db: CoreDatabase;

  constructor(db: CoreDatabase) {
    this.#db = db;
  }

  /**
   * @returns the stream at a key, to be read; null: there is no such key.
   * @throws ReplyError WRONGTYPE
   */
  read(key: Bytes): StreamHandle | null {
    const { core, entries } = this.#db;
    const entry = this.#db.lookup(key, true);
    return entry === 0 ? null : new StreamHandle(core, entries.stream(entry));
  }

  /** The same, to be changed: it counts no hit. @throws ReplyError WRONGTYPE */
  change(key: Bytes): StreamHandle | null {
    const { core, entries, id, flags } = this.#db;
    const entry = this.#db.lookup(key, false);
    if (entry === 0) return null;
    entries.stream(entry); // Refuses what is none.
    const [at, length] = this.#db.scratch(key);
    return new StreamHandle(core, core.exports.changeStream(id, flags, at, length) >>> 0);
  }

  /** Make an empty stream at a key that is missing. @throws ReplyError OOM */
  make(key: Bytes): StreamHandle {
    const { core, id, flags } = this.#db;
    const [at, length] = this.#db.scratch(key);
    const stream = core.exports.createStream(id, flags, at, length) >>> 0;
    if (stream === 0) throw outOfMemory();
    return new StreamHandle(core, stream);
  }

  /** Clients blocked on a stream are to look at it again: a group is gone. */
  signal(key: Bytes): void {
    const { core, id, flags } = this.#db;
    const [at, length] = this.#db.scratch(key);
    core.exports.signalStream(id, flags, at, length);
  }
}
