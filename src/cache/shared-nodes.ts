/**
 * An attached thread's picture of the cluster: the nodes' memories, who is master, whom to read.
 *
 * Reads need no other thread: the master is named by a shared word, and once another node has been
 * promoted in its place, by the fence in its memory, so that a cluster's thread that is busy does
 * not matter. The fence is followed as soon as the successor has all that was published before it.
 * What cannot be read in one memory (its thread died in the midst of a change; it is being loaded)
 * is read in another, if that is fresh enough.
 */
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';

import { RingleaderError } from '../base/errors.js';
import type { Millis } from '../base/time.js';
import { Freshness } from './freshness.js';
import { READ_BUSY, READ_UNREADABLE } from '../core/assembly/layout.js';
import type { SharedReader } from '../keyspace/shared-reader.js';
import { Connection } from '../runtime/connection.js';
import { MAIN_INDEX, PartitionMatrix } from '../runtime/partition.js';
import type { MasterSource } from '../cluster/client/master-source.js';
import {
  type AccessMessage,
  type AttachedMessage,
  CHANGES,
  IS_READ_ONLY,
  type ClusterHandle,
  MASTER,
  type SharedNode,
} from './handle.js';
import { Member } from './member.js';

/** Where reads go. */
export type ReadFrom = 'master' | 'nearest';

export interface ReadOptions {
  /**
   * 'master' (default): what was written before is read. 'nearest': a replica, which spares the
   * master.
   */
  readonly read?: ReadFrom;
  /** ms that what a replica says may be old at most; default 1000. */
  readonly maxStalenessMs?: Millis;
}

/** How far a node is. */
export interface NodeStaleness {
  readonly id: string;
  readonly isMaster: boolean;
  /** Bytes of the stream of writes that it has not applied yet. */
  readonly lagBytes: number;
  /** ms that what it says is old at most; Infinity: not known. */
  readonly staleMs: Millis;
}

interface Spare {
  readonly index: number;
  readonly port: MessagePort;
  readonly counters: SharedArrayBuffer;
  readonly onClose: () => void;
}

/** ms after which a connection that was ordered is ordered again. */
const REORDER_AFTER_MS = 50;
const DEFAULT_MAX_STALENESS_MS = 1_000;
/** ms for which reading is tried, node after node, before it is given up. */
const GIVE_UP_AFTER_MS = 100;

export class SharedNodes implements MasterSource {
  /** The node that answered the last read, and its reader, which has what was found. */
  servedBy: Member;
  found: SharedReader | null = null;
  readonly #port: MessagePort;
  readonly #directory: Int32Array;
  readonly #handle: ClusterHandle;
  readonly #slot: number;
  readonly #read: ReadFrom;
  readonly #maxStalenessMs: Millis;
  readonly #members: Member[] = [];
  readonly #spares = new Map<string, Spare>();
  readonly #orderedAt = new Map<string, Millis>();
  readonly #listeners = new Set<(id: string) => void>();
  readonly #freshness = new Freshness();
  readonly #pause = new Int32Array(new SharedArrayBuffer(4));
  #seen = -1;
  #master: Member;

  constructor(
    handle: ClusterHandle,
    port: MessagePort,
    welcome: { readonly slot: number; readonly nodes: readonly SharedNode[] },
    { read = 'master', maxStalenessMs = DEFAULT_MAX_STALENESS_MS }: ReadOptions,
  ) {
    this.#handle = handle;
    this.#port = port;
    this.#slot = welcome.slot;
    this.#read = read;
    this.#maxStalenessMs = maxStalenessMs;
    this.#directory = new Int32Array(handle.directory);
    for (const node of welcome.nodes) this.#put(node);
    const [first] = this.#members;
    if (first === undefined) throw new RingleaderError('NOT_READY', 'the cluster has no nodes');
    this.#master = first;
    this.servedBy = first;
    port.on('message', (message: AccessMessage) => this.#onMessage(message));
    port.unref();
    this.#catchUp();
  }

  // ── Reading ───────────────────────────────────────────────────────────────────────────────────

  /**
   * Look a key up; `found` has what was found.
   *
   * @returns READ_FOUND, READ_MISSING or READ_WRONG_TYPE.
   * @throws RingleaderError UNREADABLE: no memory could be read, or none is fresh enough.
   */
  read(key: string | Uint8Array, wantsValue: boolean): number {
    const member = this.#toRead();
    const outcome = member.read(key, wantsValue);
    this.servedBy = member;
    this.found = member.reader;
    return isAnswer(outcome)
      ? outcome
      : this.#readElsewhere((other) => other.read(key, wantsValue));
  }

  /** Look a hash's field up, likewise. Key and field must fit (SharedReader.fits). */
  readField(key: string, field: string): number {
    const member = this.#toRead();
    const outcome = member.readField(key, field);
    this.servedBy = member;
    this.found = member.reader;
    return isAnswer(outcome)
      ? outcome
      : this.#readElsewhere((other) => other.readField(key, field));
  }

  #toRead(): Member {
    // Plain loads, here and in isFenced, as Atomics.load is a call that V8 does not inline: the
    // reader's call orders memory once a read, so what another thread stored is seen by the next
    // one.
    if (this.#directory[CHANGES] !== this.#seen) this.#catchUp();
    return this.#read === 'master' ? this.master() : this.#nearest();
  }

  #readElsewhere(read: (member: Member) => number): number {
    const giveUpAt = performance.now() + GIVE_UP_AFTER_MS;
    do {
      this.#catchUp();
      for (const member of [this.master(), ...this.#members]) {
        if (!this.#isFresh(member)) continue;
        const outcome = read(member);
        this.servedBy = member;
        this.found = member.reader;
        if (isAnswer(outcome)) return outcome;
      }
      // Whoever is in the midst of a change may be waiting for this very processor.
      Atomics.wait(this.#pause, 0, 0, 1);
    } while (performance.now() < giveUpAt);
    throw new RingleaderError(
      'UNREADABLE',
      `no node's memory could be read within ${GIVE_UP_AFTER_MS} ms and ${this.#maxStalenessMs} ms of staleness`,
    );
  }

  /** The node that is master now, as far as its memory and the directory tell. */
  master(): Member {
    while (this.#master.isFenced) {
      const next = this.#members.find(({ index }) => index === this.#master.fencedBy);
      // Until it has read the fenced one's ring to the end, the fenced one has more.
      if (next === undefined || next === this.#master || next.head < this.#master.head) break;
      this.#setMaster(next);
    }
    return this.#master;
  }

  /** The same, as of the last read. */
  get currentMaster(): Member {
    return this.#master;
  }

  /** A replica if one is fresh enough, each thread its own first; else the master. */
  #nearest(): Member {
    const { length } = this.#members;
    const master = this.master();
    for (let i = 0; i < length; i++) {
      const member = this.#members[(this.#slot + i) % length]!;
      if (member !== master && member.isReadable && this.#isFresh(member)) return member;
    }
    return master;
  }

  #isFresh(member: Member): boolean {
    const master = this.master();
    if (member === master) return true;
    const now = performance.now();
    const { head } = master;
    const staleMs = this.#freshness.staleMs(now, member.head, head);
    this.#freshness.note(now, head);
    return staleMs <= this.#maxStalenessMs;
  }

  /** How far each node is behind the master, now. */
  staleness(): NodeStaleness[] {
    this.#catchUp();
    const master = this.master();
    const now = performance.now();
    const { head } = master;
    const rows = this.#members.map((member) => ({
      id: member.id,
      isMaster: member === master,
      lagBytes: Math.max(0, head - member.head),
      staleMs: this.#freshness.staleMs(now, member.head, head),
    }));
    this.#freshness.note(now, head);
    return rows;
  }

  /** Whether every node can be read. */
  get isReadable(): boolean {
    return this.#members.every((member) => member.isReadable);
  }

  /** Whether the master can. */
  get isMasterReadable(): boolean {
    return this.master().isReadable;
  }

  // ── Writing ───────────────────────────────────────────────────────────────────────────────────

  connect(): { readonly id: string; readonly port: Connection } | null {
    this.#catchUp();
    const { id } = this.master();
    const spare = this.#spares.get(id);
    if (spare === undefined) {
      this.#order(id);
      return null;
    }
    this.#spares.delete(id);
    spare.port.off('close', spare.onClose);
    this.#order(id);
    const counters = { shared: spare.counters, side: 0 };
    const { port, index } = spare;
    return { id, port: new Connection(port, new PartitionMatrix(), MAIN_INDEX, index, counters) };
  }

  isReadOnly(): boolean {
    return Atomics.load(this.#directory, IS_READ_ONLY) === 1;
  }

  onChange(callback: (id: string) => void): () => void {
    this.#listeners.add(callback);
    return () => this.#listeners.delete(callback);
  }

  /** Calls back when the cluster has ended, or this thread was told to leave. */
  onClose(callback: () => void): void {
    this.#port.on('close', callback);
  }

  close(): void {
    this.#port.close();
    for (const { port, onClose } of this.#spares.values()) port.off('close', onClose).close();
    this.#spares.clear();
  }

  /** Ask for a connection to a node, once until it comes or a while has passed. */
  #order(id: string): void {
    const now = performance.now();
    if (now - (this.#orderedAt.get(id) ?? -Infinity) < REORDER_AFTER_MS) return;
    this.#orderedAt.set(id, now);
    const message: AttachedMessage = { type: 'connect', id };
    this.#port.postMessage(message);
  }

  /** Keep a connection for later. A node that is promoted closes those it has: then another one. */
  #keep({ id, index, port, counters }: AccessMessage & { type: 'connection' }): void {
    this.#orderedAt.delete(id);
    const before = this.#spares.get(id);
    before?.port.off('close', before.onClose);
    before?.port.close();
    const onClose = (): void => {
      this.#spares.delete(id);
      this.#order(id);
    };
    port.on('close', onClose);
    this.#spares.set(id, { index, port, counters, onClose });
  }

  // ── Following the cluster ─────────────────────────────────────────────────────────────────────

  /** Take what the cluster has sent, without waiting for this thread's loop to turn. */
  #catchUp(): void {
    const changes = Atomics.load(this.#directory, CHANGES);
    for (;;) {
      const received = receiveMessageOnPort(this.#port);
      if (received === undefined) break;
      this.#onMessage(received.message);
    }
    if (changes === this.#seen) return;
    this.#seen = changes;
    const index = Atomics.load(this.#directory, MASTER);
    const named = this.#members.find((member) => member.index === index);
    if (named !== undefined) this.#setMaster(named);
  }

  #onMessage(message: AccessMessage): void {
    switch (message.type) {
      case 'node':
        this.#put(message.node);
        break;
      case 'connection':
        this.#keep(message);
        break;
      case 'master':
        // Not from within connect(), whose caller would be called back.
        setImmediate(() => {
          for (const listener of this.#listeners) listener(message.id);
        });
        break;
      default: // What attach() has dealt with.
    }
  }

  #put({ id, index, memory }: SharedNode): void {
    const i = this.#members.findIndex((member) => member.id === id);
    if (i >= 0 && this.#members[i]!.memory.buffer === memory.buffer) return;
    const member = new Member(id, index, memory, this.#handle, this.#slot);
    if (i < 0) this.#members.push(member);
    else {
      if (this.#members[i] === this.#master) this.#setMaster(member);
      this.#members[i] = member;
    }
  }

  #setMaster(member: Member): void {
    if (member === this.#master) return;
    this.#master = member;
    this.#freshness.clear();
  }
}

function isAnswer(outcome: number): boolean {
  return outcome !== READ_BUSY && outcome !== READ_UNREADABLE;
}
