/**
 * One of the core's databases, as the parts of a Database use it (values.ts, lists.ts, streams.ts,
 * keys.ts, access-clocks.ts): how keys are found, and how bytes get to the core and back.
 */
import { FLAG_APPLY, FLAG_REPLICA } from '../core/assembly/layout.js';
import { PAGE_LEN, PAGE_PTR } from '../core/assembly/collections/layout.js';
import type { Core } from '../core/core.js';
import { EntryReader } from './entry-reader.js';
import { outOfMemory } from './errors.js';

/** Keys and values: text is taken as UTF-8. */
export type Bytes = Uint8Array | string;

/** What decides about expired keys: the node sets it when it changes its role. */
export interface ExpiryRole {
  isReplica: boolean;
  /** A command of the master's stream is being executed. */
  isApplying: boolean;
}

export class CoreDatabase {
  /** The database's number. */
  readonly id: number;
  readonly core: Core;
  readonly entries: EntryReader;
  readonly role: ExpiryRole;

  constructor(core: Core, id: number, role: ExpiryRole) {
    this.id = id;
    this.core = core;
    this.entries = new EntryReader(core);
    this.role = role;
  }

  /** What is done about a key whose time has come. */
  get flags(): number {
    if (this.role.isApplying) return FLAG_APPLY;
    return this.role.isReplica ? FLAG_REPLICA : 0;
  }

  /**
   * @param isRead - count a hit or miss and note the access, as a command that reads does.
   * @param flags - what is done about a key whose time has come.
   * @returns the entry; 0: there is none.
   */
  lookup(key: Bytes, isRead: boolean, flags = this.flags): number {
    const [at, length] = this.scratch(key);
    return this.core.exports.lookup(this.id, flags, at, length, isRead ? 1 : 0) >>> 0;
  }

  /**
   * Put bytes one behind the other where the core can read them.
   *
   * @throws ReplyError OOM
   */
  scratch(
    first: Bytes,
    second: Bytes = '',
    third: Bytes = '',
  ): [at: number, length: number, secondLength: number] {
    const one = bytesOf(first);
    const two = bytesOf(second);
    const last = bytesOf(third);
    const at = this.core.scratchArea(one.length + two.length + last.length);
    if (at === 0) throw outOfMemory();
    this.core.write(at, one);
    this.core.write(at + one.length, two);
    if (last.length > 0) this.core.write(at + one.length + two.length, last);
    return [at, one.length, two.length];
  }

  /** What the core has written for the host, copied. */
  page(): Buffer {
    return this.core.copyOut(this.core.readU32(PAGE_PTR), this.core.readU32(PAGE_LEN));
  }
}

/** @returns the bytes as a Buffer, not copied. */
export function bytesOf(bytes: Bytes): Buffer {
  if (typeof bytes === 'string') return Buffer.from(bytes);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** @returns the elements of a page, which share its memory. */
export function elementsOf(page: Buffer): Buffer[] {
  const elements: Buffer[] = [];
  for (let at = 0; at < page.length;) {
    const start = at + 4;
    at = start + page.readUInt32LE(at);
    elements.push(page.subarray(start, at));
  }
  return elements;
}
