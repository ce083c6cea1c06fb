/**
 * The commands of an append-only file, as it is read in pieces of any size: run as soon as they are
 * whole, those of a transaction when its EXEC is there.
 *
 * The core runs them as it would a master's stream, in batches and without any being looked at
 * here; only what it does not know is handed over. Lines that begin with # are notes, of the time
 * for example.
 *
 * @see redis/redis 7.0.15 src/aof.c, loadSingleAppendOnlyFile()
 */
import { RingleaderError } from '../base/errors.js';
import {
  FLAG_APPLY,
  FLAG_LOAD,
  STATUS_COMMAND,
  STATUS_DONE,
  STATUS_OUT_OF_MEMORY,
  STATUS_PROTOCOL_ERROR,
} from '../core/assembly/layout.js';
import { type HistoryPosition, parseNote } from './data-position.js';
import { commandEnd, isExec, isMulti, mayBeginTransaction } from '../resp/stream-edge.js';

/** The part of the data core that is needed. @see src/core/core.ts */
export interface LoadingCore {
  readonly u8: Uint8Array;
  readonly consumed: number;
  readonly need: number;
  readonly streamDb: number;
  input(length: number): number;
  execute(pointer: number, length: number, flags: number, db: number): number;
  args(): Buffer[];
}

/** Runs a command that the core handed over. @returns false: there is no such command. */
export type RunCommand = (args: readonly Buffer[], db: number) => boolean;

/** What is wrong with a file's commands. */
export type AofFault =
  | { readonly type: 'format' }
  | { readonly type: 'unknown-command'; readonly name: string }
  /** It ends within a command, or a transaction. */
  | { readonly type: 'cut'; readonly isTransaction: boolean };

const HASH = 0x23;
const STAR = 0x2a;
const LINE_FEED = 0x0a;
const NOTE = Buffer.from('\n#');
const EMPTY = new Uint8Array(0);

export class AofCommands {
  readonly #core: LoadingCore;
  readonly #run: RunCommand;
  #chunks: Buffer[] = [];
  #heldBytes = 0;
  /** Trying again is vain before so many bytes are held. */
  #neededBytes = 1;
  /** Of a transaction that is open; null: none is. */
  #transaction: Buffer[] | null = null;
  /** Bytes of the file that are dealt with, and of those what precedes an open transaction. */
  #dealtWith: number;
  #validUpTo: number;
  /** Of what is dealt with, and of what is valid: bytes of notes. */
  #noteBytes = 0;
  #validNoteBytes = 0;
  /** What the last note said of replication, and how many bytes of commands preceded it. */
  #note: HistoryPosition | null = null;
  #bytesBeforeNote = 0;

  /** @param startsAt - offset of the first command in the file. */
  constructor(core: LoadingCore, run: RunCommand, startsAt: number) {
    this.#core = core;
    this.#run = run;
    this.#dealtWith = startsAt;
    this.#validUpTo = startsAt;
  }

  /** The end of the last command, or transaction, that is whole. */
  get validUpTo(): number {
    return this.#validUpTo;
  }

  /** What the last note said of where the commands after it stand; null: there was none. */
  get note(): HistoryPosition | null {
    return this.#note;
  }

  /** Where in a replication history the last of them that is whole stands; null: not known. */
  get position(): HistoryPosition | null {
    if (this.#note === null) return null;
    const bytes = this.#validUpTo - this.#validNoteBytes - this.#bytesBeforeNote;
    return { ...this.#note, offset: this.#note.offset + bytes };
  }

  /** @param bytes - copied where they are kept. @returns what is wrong; null: nothing. */
  push(bytes: Uint8Array): AofFault | null {
    this.#chunks.push(Buffer.from(bytes));
    this.#heldBytes += bytes.length;
    if (this.#heldBytes < this.#neededBytes) return null;
    const held = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
    const before = this.#dealtWith;
    const needsLook = this.#transaction !== null || mayBeginTransaction(held) || hasNotes(held);
    const fault = needsLook ? this.#walk(held) : this.#execute(held);
    const rest = held.subarray(this.#dealtWith - before);
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#heldBytes = rest.length;
    this.#neededBytes = rest.length === 0 ? 1 : Math.max(this.#neededBytes, rest.length + 1);
    return fault;
  }

  /** There are no more bytes. */
  end(): AofFault | null {
    this.#neededBytes = 0;
    const fault = this.#heldBytes > 0 ? this.push(EMPTY) : null;
    if (fault !== null) return fault;
    // What no command begins with is not the beginning of one that was cut.
    const first = this.#chunks[0]?.[0] ?? STAR;
    if (first !== STAR && first !== HASH) return { type: 'format' };
    if (this.#transaction !== null) return { type: 'cut', isTransaction: true };
    return this.#heldBytes > 0 ? { type: 'cut', isTransaction: false } : null;
  }

  /** Look at each command for where transactions and notes are. */
  #walk(bytes: Buffer): AofFault | null {
    this.#neededBytes = 1;
    let at = 0;
    /** Commands from here on are still to be run. */
    let from = 0;
    let fault: AofFault | null = null;
    const runUpTo = (end: number): AofFault | null => {
      const run = bytes.subarray(from, end);
      return run.length === 0 || this.#transaction !== null ? null : this.#execute(run);
    };
    while (fault === null && at < bytes.length) {
      const isNote = bytes[at] === HASH;
      const end = isNote ? lineEnd(bytes, at) : commandEnd(bytes, at);
      if (end === null) {
        this.#neededBytes = 2 * (bytes.length - at); // A long one is not looked at for each piece.
        break;
      }
      const command = bytes.subarray(at, end);
      if (isNote) {
        fault = runUpTo(at);
        if (fault === null) this.#passNote(command);
        from = end;
      } else if (this.#transaction === null && isMulti(command)) {
        fault = runUpTo(at);
        if (fault === null) this.#passOver(command.length, []);
        from = end;
      } else if (this.#transaction !== null) {
        fault = this.#inTransaction(this.#transaction, command);
        from = end;
      }
      at = end;
    }
    const needed = this.#neededBytes;
    fault ??= runUpTo(at);
    this.#neededBytes = needed;
    return fault;
  }

  #inTransaction(queued: Buffer[], command: Buffer): AofFault | null {
    if (!isExec(command)) {
      queued.push(Buffer.from(command));
      this.#dealtWith += command.length;
      return null;
    }
    this.#transaction = null;
    const end = this.#dealtWith + command.length;
    const fault = this.#execute(Buffer.concat(queued));
    this.#dealtWith = end;
    this.#isValid();
    return fault;
  }

  #passNote(line: Buffer): void {
    this.#noteBytes += line.length;
    this.#passOver(line.length);
    const said = parseNote(line.toString('latin1'));
    if (said === null) return;
    this.#note = said;
    this.#bytesBeforeNote = this.#dealtWith - this.#noteBytes;
  }

  #isValid(): void {
    this.#validUpTo = this.#dealtWith;
    this.#validNoteBytes = this.#noteBytes;
  }

  #passOver(length: number, transaction = this.#transaction): void {
    this.#dealtWith += length;
    if (this.#transaction === null && transaction === null) this.#isValid();
    this.#transaction = transaction;
  }

  /** Run the whole commands that these bytes begin with. */
  #execute(bytes: Buffer): AofFault | null {
    const core = this.#core;
    if (bytes.length === 0) return null;
    const pointer = core.input(bytes.length);
    if (pointer === 0) throw outOfMemory();
    core.u8.set(bytes, pointer);
    const fileOffset = this.#dealtWith;
    let at = 0;
    let fault: AofFault | null = null;
    while (at < bytes.length) {
      const status = core.execute(pointer + at, bytes.length - at, FLAG_APPLY | FLAG_LOAD, 0);
      at += core.consumed;
      if (status === STATUS_OUT_OF_MEMORY) throw outOfMemory();
      if (status === STATUS_PROTOCOL_ERROR) fault = { type: 'format' };
      else if (status === STATUS_COMMAND) fault = this.#runHandedOver();
      if (fault !== null || status === STATUS_DONE) break;
    }
    this.#neededBytes = Math.max(1, core.need);
    this.#dealtWith = fileOffset + at;
    if (fault === null) this.#isValid();
    return fault;
  }

  #runHandedOver(): AofFault | null {
    const args = this.#core.args();
    const name = args[0]?.toString('latin1') ?? '';
    // In a replica's file there is what its master asked for.
    if (name.toLowerCase() === 'replconf') return null;
    const isKnown = this.#run(args, Math.max(0, this.#core.streamDb));
    return isKnown ? null : { type: 'unknown-command', name };
  }
}

function hasNotes(bytes: Buffer): boolean {
  return bytes[0] === HASH || bytes.includes(NOTE);
}

function lineEnd(bytes: Buffer, at: number): number | null {
  const end = bytes.indexOf(LINE_FEED, at);
  return end === -1 ? null : end + 1;
}

const outOfMemory = (): RingleaderError =>
  new RingleaderError('OUT_OF_MEMORY', 'no memory for the commands of the append-only file');
