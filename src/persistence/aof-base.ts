/**
 * The base of an append-only file: all data of a moment, as RDB or (`aof-use-rdb-preamble no`) as
 * commands.
 *
 * @see redis/redis 7.0.15 src/aof.c, rewriteAppendOnlyFile(), rewriteAppendOnlyFileRio()
 */
import type { Clock } from '../base/time.js';
import type { SnapshotMaker } from '../core/snapshots.js';
import { Crc64 } from '../rdb/crc64.js';
import { RdbDecoder, type RdbEntry } from '../rdb/decode.js';
import { dumpPayload } from '../rdb/dump.js';
import { encodeEnd, encodeHeader, type RdbInfo } from '../rdb/encode.js';
import type { LibraryStore } from '../rdb/libraries.js';
import { OPCODE_EOF } from '../rdb/opcodes.js';
import { encodeCommand } from '../resp/encode-command.js';
import type { AofDisk } from './aof-disk.js';
import { formatNote } from './data-position.js';
import type { DiskFile } from './disk.js';
import { type Later, Paced } from './paced.js';

/** The part of the data core that is needed. @see src/core/core.ts */
export interface SnapshotCore {
  readonly u8: Uint8Array;
  usedMemory(): number;
  readonly snapshots: SnapshotMaker;
}

export interface BaseFormat {
  readonly isRdb: boolean;
  readonly checksum: boolean;
  readonly compresses: boolean;
  readonly hasTimestamps: boolean;
  /** Where the data stand in a replication history; null: in none. */
  readonly replication: RdbInfo['replication'];
}

export interface BaseParts {
  /** Libraries of functions; without it there are none. */
  readonly libraries?: LibraryStore | undefined;
  readonly core: SnapshotCore;
  readonly clock: Clock;
  readonly disk: AofDisk;
  readonly format: BaseFormat;
  /** Whether the disk is given something to do each few MB, not all at the end. */
  readonly syncsIncrementally: boolean;
  readonly soon: (task: () => void) => void;
  readonly later: Later;
  /** `rdb-key-save-delay` */
  readonly keySaveDelayMicros: () => number;
}

/** Made and written before commands are let in again. */
const SLICE_BYTES = 128 * 1024;
const WHOLE_SLICE_BYTES = 1024 * 1024;
const SYNC_EACH_BYTES = 4 * 1024 * 1024;

/** Write it, holding all else up. @throws DiskError. @throws RingleaderError OUT_OF_MEMORY */
export function writeBaseNow(parts: BaseParts, name: string): void {
  const file = parts.disk.create(name);
  const image = new BaseImage(parts);
  try {
    for (let isDone = false; !isDone;) {
      const slice = image.next(WHOLE_SLICE_BYTES);
      file.writeNow(slice.bytes);
      slice.give();
      isDone = slice.isLast;
    }
    file.syncNow();
  } finally {
    image.end();
    file.close();
  }
}

/** Writes it between commands. */
export class BaseWriting {
  readonly #parts: BaseParts;
  readonly #image: BaseImage;
  readonly #name: string;
  readonly #onSnapshotEnd: () => void;
  readonly #paced: Paced;
  #isAbandoned = false;

  /** The data are those of now. @param onSnapshotEnd - the core can make another. */
  constructor(parts: BaseParts, name: string, onSnapshotEnd: () => void) {
    this.#parts = parts;
    this.#name = name;
    this.#image = new BaseImage(parts);
    this.#onSnapshotEnd = onSnapshotEnd;
    this.#paced = new Paced(parts.keySaveDelayMicros, parts.later);
  }

  /**
   * @returns whether it is whole and on the disk; it is not if it was abandoned.
   * @throws DiskError. @throws RingleaderError OUT_OF_MEMORY
   */
  async run(): Promise<boolean> {
    let file: DiskFile | null = null;
    try {
      file = this.#parts.disk.create(this.#name);
      await this.#writeAll(file);
      if (!this.#isAbandoned) await file.sync();
      return !this.#isAbandoned;
    } finally {
      file?.close();
      this.#endImage();
    }
  }

  /**
   * Stop, as a forked child is killed. The snapshot ends before this returns. The file's name is
   * free then as well, for the next one; the file itself is closed when what is under way is over.
   */
  abandon(): void {
    this.#isAbandoned = true;
    this.#paced.end();
    this.#endImage();
  }

  async #writeAll(file: DiskFile): Promise<void> {
    let syncedBytes = 0;
    while (!this.#isAbandoned) {
      const slice = this.#image.next(this.#paced.sliceBytes(SLICE_BYTES));
      if (slice.isLast) this.#endImage();
      try {
        if (slice.bytes.length > 0) await file.write(slice.bytes);
        else await new Promise<void>((resolve) => this.#parts.soon(resolve));
      } finally {
        slice.give();
      }
      if (slice.isLast) return;
      await this.#paced.pause();
      if (!this.#parts.syncsIncrementally || file.length - syncedBytes < SYNC_EACH_BYTES) continue;
      syncedBytes = file.length;
      await file.sync();
    }
  }

  #endImage(): void {
    this.#image.end();
    this.#onSnapshotEnd();
  }
}

interface ImageSlice {
  readonly bytes: Uint8Array;
  readonly isLast: boolean;
  /** The bytes are not needed any more. */
  give(): void;
}

class BaseImage {
  readonly #core: SnapshotCore;
  readonly #crc: Crc64 | null;
  readonly #header: Uint8Array;
  readonly #commands: Commands | null;
  #phase: 'header' | 'body' | 'end' = 'header';
  #isEnded = false;

  constructor({ core, clock, format, libraries }: BaseParts) {
    this.#core = core;
    const codes = libraries?.codes() ?? [];
    const nowSeconds = Math.floor(clock.wallMs() / 1000);
    const header = encodeHeader({
      createdAtSeconds: nowSeconds,
      usedMemoryBytes: core.usedMemory(),
      replication: format.replication,
      libraries: codes,
      isAofBase: true,
    });
    this.#commands = format.isRdb ? null : new Commands(header);
    const time = format.hasTimestamps ? `#TS:${nowSeconds}\r\n` : '';
    const note = time + (format.replication === null ? '' : formatNote(format.replication));
    const loads = codes.map((code) => encodeCommand(['FUNCTION', 'LOAD', code]));
    this.#header = format.isRdb ? header : Buffer.concat([Buffer.from(note), ...loads]);
    this.#crc = format.isRdb && format.checksum ? new Crc64() : null;
    core.snapshots.begin(format.isRdb && format.compresses);
  }

  next(maxBytes: number): ImageSlice {
    if (this.#phase === 'header') {
      this.#phase = 'body';
      this.#crc?.update(this.#header);
      return { bytes: this.#header, isLast: false, give() {} };
    }
    if (this.#phase === 'body') return this.#body(maxBytes);
    this.end();
    if (this.#commands !== null) return { bytes: NOTHING, isLast: true, give() {} };
    this.#crc?.update(Uint8Array.of(OPCODE_EOF));
    return { bytes: encodeEnd(this.#crc?.digest() ?? null), isLast: true, give() {} };
  }

  #body(maxBytes: number): ImageSlice {
    const core = this.#core;
    const { at, length, isLast } = core.snapshots.step(maxBytes);
    if (isLast) this.#phase = 'end';
    const bytes = core.u8.subarray(at, at + length);
    if (this.#commands !== null) {
      const commands = this.#commands.take(bytes);
      core.snapshots.give(at);
      return { bytes: commands, isLast: false, give() {} };
    }
    this.#crc?.update(bytes);
    return { bytes, isLast: false, give: () => core.snapshots.give(at) };
  }

  /** Let the core's snapshot go, whole or not. */
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#core.snapshots.end();
  }
}

/** Turns entries of RDB into the commands that make them. */
class Commands {
  readonly #decoder: RdbDecoder;
  #out: Uint8Array[] = [];
  #db = -1;

  constructor(header: Uint8Array) {
    this.#decoder = new RdbDecoder({ entry: (entry) => this.#add(entry) }, { checksum: false });
    this.#decoder.push(header);
  }

  take(bytes: Uint8Array): Buffer {
    this.#decoder.push(bytes);
    const commands = Buffer.concat(this.#out);
    this.#out = [];
    return commands;
  }

  #add({ db, key, value, dump, expireAtMs }: RdbEntry): void {
    if (db !== this.#db) this.#out.push(encodeCommand(['SELECT', String(db)]));
    this.#db = db;
    // One command for a collection of any type, whatever it holds.
    if (value !== null) this.#out.push(encodeCommand(['SET', key, value]));
    else this.#out.push(encodeCommand(['RESTORE', key, '0', dumpPayload(dump)]));
    if (expireAtMs !== null) {
      this.#out.push(encodeCommand(['PEXPIREAT', key, String(expireAtMs)]));
    }
  }
}

const NOTHING = new Uint8Array(0);
