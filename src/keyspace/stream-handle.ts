/**
 * A stream in the core's memory (core/assembly/collections), for commands in TypeScript: its facts,
 * its entries as replies, its groups, their consumers, and what is pending.
 *
 * A handle is good until a command ends. What changes a stream must have been looked up for a
 * change (Database.changeStream), so that a snapshot under way has written it out.
 */
import * as layout from '../core/assembly/collections/stream-layout.js';
import type { Core } from '../core/core.js';
import { outOfMemory } from './errors.js';
import { GREATEST_ID, idAfter, LEAST_ID, type StreamId } from './stream-id.js';

/** Entries of a range. */
export interface StreamItems {
  readonly ids: readonly StreamId[];
  /** Each as RESP: an array of the id and of the fields and values; the same in either version. */
  readonly bytes: Buffer;
}

/** An entry that was delivered and not acknowledged. */
export interface PendingEntry {
  readonly id: StreamId;
  /** Unix ms. */
  readonly deliveredAt: number;
  readonly deliveries: bigint;
  readonly consumer: StreamConsumer;
}

/** Reads what stands in the core's memory. */
class Part {
  protected readonly core: Core;
  /** Where it stands. */
  readonly at: number;

  constructor(core: Core, at: number) {
    this.core = core;
    this.at = at;
  }

  protected u64(offset: number): bigint {
    return readU64(this.core, this.at + offset);
  }

  protected putU64(offset: number, value: bigint): void {
    const at = this.at + offset;
    this.core.writeU32(at, Number(BigInt.asUintN(32, value)));
    this.core.writeU32(at + 4, Number(BigInt.asUintN(32, value >> 32n)));
  }

  protected id(offset: number): StreamId {
    return { ms: this.u64(offset), seq: this.u64(offset + 8) };
  }

  protected putId(offset: number, { ms, seq }: StreamId): void {
    this.putU64(offset, ms);
    this.putU64(offset + 8, seq);
  }

  /** The addresses in a list that stands at an offset. */
  protected list(offset: number): number[] {
    const list = this.core.readU32(this.at + offset);
    if (list === 0) return [];
    return Array.from({ length: this.core.readU32(list) }, (_, i) =>
      this.core.readU32(list + 4 + i * 4),
    );
  }
}

/** What groups and consumers have in common: a name, and what is pending. */
class Holder extends Part {
  readonly #nameAt: number;

  constructor(core: Core, at: number, nameAt: number) {
    super(core, at);
    this.#nameAt = nameAt;
  }

  get name(): Buffer {
    return this.core.copyOut(this.at + this.#nameAt, this.core.readU32(this.at));
  }

  get pendingCount(): number {
    return this.core.exports.streamPendingCount(this.at) >>> 0;
  }

  /** @returns the first id that is pending, from one on; null: there is none. */
  pendingFrom({ ms, seq }: StreamId): StreamId | null {
    const at = this.core.exports.streamPendingFrom(this.at, ms, seq) >>> 0;
    return at === 0 ? null : idAt(this.core, at);
  }

  /** @returns the last id that is pending, up to one; null: there is none. */
  pendingUpTo({ ms, seq }: StreamId): StreamId | null {
    const at = this.core.exports.streamPendingUpTo(this.at, ms, seq) >>> 0;
    return at === 0 ? null : idAt(this.core, at);
  }

  /**
   * All that is pending from an id on, in order; what was taken out before it was met is not met.
   */
  *pendingIds(from = LEAST_ID): IterableIterator<StreamId> {
    let next: StreamId | null = from;
    while (next !== null) {
      const found = this.pendingFrom(next);
      if (found === null) return;
      yield found;
      next = idAfter(found);
    }
  }
}

export class StreamConsumer extends Holder {
  constructor(core: Core, at: number) {
    super(core, at, layout.CONSUMER_NAME);
  }

  /** Unix ms. */
  get seenAt(): number {
    return this.core.readI64(this.at + layout.CONSUMER_SEEN);
  }

  set seenAt(unixMs: number) {
    this.core.writeI64(this.at + layout.CONSUMER_SEEN, unixMs);
  }
}

export class StreamGroup extends Holder {
  constructor(core: Core, at: number) {
    super(core, at, layout.GROUP_NAME);
  }

  get lastId(): StreamId {
    return this.id(layout.GROUP_LAST);
  }

  set lastId(id: StreamId) {
    this.putId(layout.GROUP_LAST, id);
  }

  /** How many entries it has read; -1: that cannot be told. */
  get entriesRead(): bigint {
    return BigInt.asIntN(64, this.u64(layout.GROUP_READ));
  }

  set entriesRead(count: bigint) {
    this.putU64(layout.GROUP_READ, BigInt.asUintN(64, count));
  }

  /** In the order of their names. */
  consumers(): StreamConsumer[] {
    return this.list(layout.GROUP_CONSUMERS).map((at) => new StreamConsumer(this.core, at));
  }

  consumer(name: Uint8Array): StreamConsumer | null {
    const scratch = this.core.scratch(name);
    const at = this.core.exports.streamConsumer(this.at, scratch, name.length) >>> 0;
    return at === 0 ? null : new StreamConsumer(this.core, at);
  }

  /** Make a consumer; there must be none of that name. @throws ReplyError OOM */
  addConsumer(name: Uint8Array, nowMs: number): StreamConsumer {
    const scratch = this.core.scratch(name);
    const { exports } = this.core;
    const at = exports.streamAddConsumer(this.at, scratch, name.length, BigInt(nowMs)) >>> 0;
    if (at === 0) throw outOfMemory();
    return new StreamConsumer(this.core, at);
  }

  /** Take a consumer away, with what is pending with it. */
  removeConsumer(consumer: StreamConsumer): void {
    this.core.exports.streamRemoveConsumer(this.at, consumer.at);
  }

  /** @returns null: it is not pending. */
  pending({ ms, seq }: StreamId): PendingEntry | null {
    const at = this.core.exports.streamPending(this.at, ms, seq) >>> 0;
    if (at === 0) return null;
    const { core } = this;
    return {
      id: { ms, seq },
      deliveredAt: core.readI64(at + layout.DELIVERED_AT),
      deliveries: readU64(core, at + layout.DELIVERIES),
      consumer: new StreamConsumer(core, core.readU32(at + layout.OWNER)),
    };
  }

  /**
   * Say that an entry is pending with a consumer, whether or not it is with another.
   *
   * @throws ReplyError OOM: nothing has changed.
   */
  assign(consumer: StreamConsumer, id: StreamId, deliveredAt: number, deliveries: bigint): void {
    const { exports } = this.core;
    const at = BigInt(deliveredAt);
    const isDone = exports.streamAssign(this.at, consumer.at, id.ms, id.seq, at, deliveries);
    if (isDone === 0) throw outOfMemory();
  }

  /** An entry is not pending any more. */
  acknowledge({ ms, seq }: StreamId): void {
    this.core.exports.streamAcknowledge(this.at, ms, seq);
  }
}

export class StreamHandle extends Part {
  /** Entries. */
  get length(): bigint {
    return this.u64(layout.LENGTH);
  }

  get lastId(): StreamId {
    return this.id(layout.LAST_ID);
  }

  /** Of the first entry; 0-0: there is none. */
  get firstId(): StreamId {
    return this.id(layout.FIRST_ID);
  }

  /** The greatest that XDEL has deleted; 0-0: none. */
  get deletedId(): StreamId {
    return this.id(layout.DELETED_ID);
  }

  /** Entries that were ever added. */
  get added(): bigint {
    return this.u64(layout.ADDED);
  }

  get nodes(): number {
    return this.core.exports.streamNodes(this.at) >>> 0;
  }

  /** Nodes that Redis' radix tree of the listpacks would have. */
  get treeNodes(): number {
    return this.core.exports.streamTreeNodes(this.at) >>> 0;
  }

  /** How many entries had been added when the one with an id was; -1: that cannot be told. */
  distanceFromFirst({ ms, seq }: StreamId): bigint {
    return this.core.exports.streamDistance(this.at, ms, seq);
  }

  /** In the order of their names. */
  groups(): StreamGroup[] {
    return this.list(layout.GROUPS).map((at) => new StreamGroup(this.core, at));
  }

  group(name: Uint8Array): StreamGroup | null {
    const scratch = this.core.scratch(name);
    const at = this.core.exports.streamGroup(this.at, scratch, name.length) >>> 0;
    return at === 0 ? null : new StreamGroup(this.core, at);
  }

  /** Make a group; there must be none of that name. @throws ReplyError OOM */
  addGroup(name: Uint8Array, lastId: StreamId, entriesRead: bigint): void {
    const scratch = this.core.scratch(name);
    const at = this.core.exports.streamAddGroup(this.at, scratch, name.length) >>> 0;
    if (at === 0) throw outOfMemory();
    const group = new StreamGroup(this.core, at);
    group.lastId = lastId;
    group.entriesRead = entriesRead;
  }

  removeGroup(group: StreamGroup): void {
    this.core.exports.streamRemoveGroup(this.at, group.at);
  }

  has({ ms, seq }: StreamId): boolean {
    return this.core.exports.streamHas(this.at, ms, seq) !== 0;
  }

  /**
   * Entries with ids from one to another, both included.
   *
   * @param count - the most; 0: all.
   * @throws ReplyError OOM
   */
  items(from = LEAST_ID, to = GREATEST_ID, count = 0, isReverse = false): StreamItems {
    const { core } = this;
    const found = core.exports.streamItems(
      this.at,
      from.ms,
      from.seq,
      to.ms,
      to.seq,
      Math.min(count, 0x7fffffff),
      isReverse ? 1 : 0,
    );
    if (found < 0) throw outOfMemory();
    const list = core.exports.streamItemIds() >>> 0;
    const ids = Array.from({ length: found }, (_, i) => idAt(core, list + i * 16));
    return { ids, bytes: core.takeReplies() };
  }
}

/** @param at - a multiple of 4. */
function readU64(core: Core, at: number): bigint {
  return (BigInt(core.readU32(at + 4)) << 32n) | BigInt(core.readU32(at));
}

function idAt(core: Core, at: number): StreamId {
  return { ms: readU64(core, at), seq: readU64(core, at + 8) };
}
