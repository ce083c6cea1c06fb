/**
 * The cluster's side of attached threads: it gives each a slot in the nodes' memories, tells it of
 * new memories and masters, and opens connections to the nodes.
 *
 * Reads need none of this once a thread is attached, so a cluster's thread that is busy does not
 * stop them. Writes need it after a failover: a connection to each node is opened in advance, but a
 * node that is promoted closes those it has.
 */
import { randomUUID } from 'node:crypto';
import { MessageChannel, type MessagePort, threadId } from 'node:worker_threads';

import type { SharedMemory } from '../base/shared-memory.js';
import { SLOT_COUNT } from '../core/assembly/layout.js';
import type { ReaderModule } from '../keyspace/shared-reader.js';
import type { ActorRecord } from '../runtime/actor-record.js';
import { createConnectionCounters } from '../runtime/connection.js';
import type { Router } from '../runtime/router.js';
import { ask, Channel } from '../cluster/client/channel.js';
import {
  type AccessMessage,
  type AttachedMessage,
  type AttachRequest,
  CHANGES,
  type ClusterHandle,
  DIRECTORY_BYTES,
  IS_READ_ONLY,
  MASTER,
  type SharedNode,
} from './handle.js';
import { openToReaders } from '../keyspace/shared-reader.js';

export interface AccessOptions {
  readonly router: Router;
  readonly reader: ReaderModule;
  readonly evicts: boolean;
  readonly password: string | null;
  nodes(): readonly Readonly<ActorRecord>[];
  masterId(): string;
  /** Whether the master is a server outside. */
  isFollowing(): boolean;
}

/** The clusters of this thread that can be attached to, by their handles' ids. */
const clusters = new Map<string, SharedAccess>();

export class SharedAccess {
  readonly #options: AccessOptions;
  readonly #id = randomUUID();
  readonly #directory = new Int32Array(new SharedArrayBuffer(DIRECTORY_BYTES));
  /** Of attached threads, by slot. */
  readonly #ports = new Map<number, MessagePort>();
  #isOpen = false;

  constructor(options: AccessOptions) {
    this.#options = options;
  }

  handle(): ClusterHandle {
    this.#open();
    const { reader, evicts, password } = this.#options;
    return {
      kind: 'ringleader-cluster',
      pid: process.pid,
      id: this.#id,
      threadId,
      directory: this.#directory.buffer,
      reader,
      evicts,
      password,
    };
  }

  /** A memory for a node's next life has been made. */
  onMemory(memory: SharedMemory): void {
    if (this.#isOpen) openToReaders(memory);
  }

  /** A node listens, in this life for the first time or again. */
  onUp(id: string): void {
    const node = this.#sharedNodes().find((each) => each.id === id);
    if (!this.#isOpen || node === undefined) return;
    void this.#wake(id);
    Atomics.add(this.#directory, CHANGES, 1);
    for (const port of this.#ports.values()) {
      post(port, { type: 'node', node });
      this.#openConnection(port, id);
    }
  }

  /** Another node is master, or head; or it is the same one in another role. */
  onMaster(id: string): void {
    if (!this.#isOpen) return;
    this.#storeMaster();
    for (const port of this.#ports.values()) post(port, { type: 'master', id });
  }

  /** Let a thread in: `port` is its end's counterpart. */
  accept(port: MessagePort): void {
    let slot = 0;
    while (this.#ports.has(slot)) slot += 1;
    if (slot === SLOT_COUNT) {
      post(port, { type: 'refused', reason: `${SLOT_COUNT} are attached, which is the most` });
      port.close();
      return;
    }
    this.#ports.set(slot, port);
    // The thread may have been killed: no reader uses its slot any more.
    port.on('close', () => this.#ports.delete(slot));
    port.on('message', ({ type, id }: AttachedMessage) => {
      if (type === 'connect') this.#openConnection(port, id);
    });
    port.unref();
    post(port, { type: 'welcome', slot, nodes: this.#sharedNodes() });
    for (const { id } of this.#sharedNodes()) this.#openConnection(port, id);
  }

  close(): void {
    clusters.delete(this.#id);
    for (const port of this.#ports.values()) port.close();
    if (clusters.size === 0) process.off('workerMessage', onWorkerMessage);
  }

  /** From the first handle on, nodes keep versions. */
  #open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#storeMaster();
    if (clusters.size === 0) process.on('workerMessage', onWorkerMessage);
    clusters.set(this.#id, this);
    for (const { id, memory } of this.#sharedNodes()) {
      openToReaders(memory);
      void this.#wake(id);
    }
  }

  #storeMaster(): void {
    const master = this.#options.nodes().find(({ spec }) => spec.id === this.#options.masterId());
    if (master === undefined) return;
    Atomics.store(this.#directory, MASTER, master.index);
    Atomics.store(this.#directory, IS_READ_ONLY, this.#options.isFollowing() ? 1 : 0);
    Atomics.add(this.#directory, CHANGES, 1);
  }

  /** Have a node's core called, so that it finds out that there is a reader. */
  async #wake(id: string): Promise<void> {
    const port = this.#options.router.connect(id, 'client');
    if (port === null) return;
    const channel = new Channel(port);
    await ask(channel, 'PING');
    channel.close();
  }

  #openConnection(port: MessagePort, id: string): void {
    const { port1, port2 } = new MessageChannel();
    const counters = createConnectionCounters();
    const index = this.#options.router.open(id, 'client', { port: port2, counters });
    if (index === null) port1.close();
    else post(port, { type: 'connection', id, index, port: port1, counters }, [port1]);
  }

  #sharedNodes(): SharedNode[] {
    return this.#options
      .nodes()
      .flatMap(({ spec, index, memory }) =>
        memory === null ? [] : [{ id: spec.id, index, memory }],
      );
  }
}

/** @returns false: this thread has no such cluster. */
export function acceptAttached({ id, port }: AttachRequest): boolean {
  const access = clusters.get(id);
  access?.accept(port);
  return access !== undefined;
}

function onWorkerMessage(value: unknown): void {
  if (!isAttachRequest(value)) return; // Another listener's.
  if (acceptAttached(value)) return;
  post(value.port, { type: 'refused', reason: 'it was stopped' });
  value.port.close();
}

function isAttachRequest(value: unknown): value is AttachRequest {
  return (
    typeof value === 'object' &&
    value !== null &&
    'ringleader' in value &&
    value.ringleader === 'attach'
  );
}

function post(
  port: MessagePort,
  message: AccessMessage,
  transfer: readonly MessagePort[] = [],
): void {
  port.postMessage(message, transfer);
}
