/**
 * The router: what one thread knows of the other actors, and its ways to them.
 *
 * The actor system announces actors as they start and die and hands over a wire to each; from then
 * on the two talk directly, so nothing between actors, a failover least of all, needs the main
 * thread.
 */
import { MessageChannel, type MessagePort } from 'node:worker_threads';

import type { SharedMemory } from '../base/shared-memory.js';
import type { Address } from '../base/address.js';
import { assert } from '../base/assert.js';
import type { Frame } from '../frame/codec.js';
import { Connection, type ConnectionCounters, createConnectionCounters } from './connection.js';
import {
  type ActorKind,
  type ConnectFrame,
  type ConnectionKind,
  type DownReason,
  isConnectFrame,
} from './messages.js';
import { releaseMemory } from './release-memory.js';
import type { PartitionMatrix } from './partition.js';
import type { Attachments, SendResult, Wire } from './wire.js';

/** Another actor. The object stays the same over restarts; its fields follow. */
export interface Peer {
  readonly id: string;
  readonly index: number;
  readonly kind: ActorKind;
  /** Where it listens, or will; port 0: not known before it is up. */
  address: Address;
  /** Its memory; outlives its thread, and is replaced when it starts again. */
  memory: SharedMemory | null;
  /** 'starting' until it listens. */
  state: 'starting' | 'up' | 'down';
  wire: Wire;
}

/** What a thread is told. Each is optional; set them before the first turn ends. */
export interface RouterHandlers {
  /** A frame on a peer's wire. */
  onFrame(peer: Peer, frame: Frame, port: MessagePort | undefined): void;
  /** Another thread has opened an in-process connection to this actor. */
  onConnection(connection: Connection, kind: ConnectionKind, fromId: string): void;
  /** A peer listens: for the first time, again after a restart, or again responsive. */
  onUp(peer: Peer): void;
  /** A peer is down. Said once per death; not across a partition (then after the heal). */
  onDown(peer: Peer, reason: DownReason): void;
  /** A peer's wire has closed: its thread is gone. May come before or after `onDown`. */
  onWireClosed(peer: Peer): void;
}

/** The id under which connections from the main thread come. */
export const MAIN_ID = 'main';

export class Router {
  readonly handlers: RouterHandlers = {
    onFrame: () => {},
    onConnection: (connection) => connection.close(),
    onUp: () => {},
    onDown: () => {},
    onWireClosed: () => {},
  };
  readonly #partition: PartitionMatrix;
  readonly #ownIndex: number;
  readonly #peers = new Map<string, Peer>();
  readonly #connections = new Set<Connection>();

  constructor(partition: PartitionMatrix, ownIndex: number) {
    this.#partition = partition;
    this.#ownIndex = ownIndex;
  }

  /** All peers that were ever announced, this actor excluded. */
  peers(): readonly Peer[] {
    return [...this.#peers.values()];
  }

  peer(id: string): Peer | undefined {
    return this.#peers.get(id);
  }

  peerByIndex(index: number): Peer | undefined {
    return this.peers().find((peer) => peer.index === index);
  }

  /** The actor that listens, or last listened, at this address. */
  peerAt(host: string, port: number): Peer | undefined {
    return this.peers().find(({ address }) => address.port === port && address.host === host);
  }

  isCut(peer: Peer): boolean {
    return this.#partition.isCut(this.#ownIndex, peer.index);
  }

  send(peer: Peer, frame: Frame): SendResult {
    return peer.wire.send(frame);
  }

  /**
   * Open an in-process connection.
   *
   * @returns this side's end, usable at once; or null if the peer cannot be reached: unknown, dead,
   * beyond a partition, or too busy to take the request.
   */
  connect(id: string, kind: ConnectionKind): Connection | null {
    const opened = this.openConnection(id, kind);
    if (opened === null) return null;
    return this.#adopt(opened.port, opened.peerIndex, { shared: opened.counters, side: 0 });
  }

  /** As `connect`, but with the bare port, to be posted to a thread that is no actor. */
  openConnection(
    id: string,
    kind: ConnectionKind,
  ): { port: MessagePort; counters: SharedArrayBuffer; peerIndex: number } | null {
    const { port1, port2 } = new MessageChannel();
    const counters = createConnectionCounters();
    const peerIndex = this.open(id, kind, { port: port2, counters });
    if (peerIndex === null) {
      port1.close();
      return null;
    }
    return { port: port1, counters, peerIndex };
  }

  /**
   * Open a connection to a peer for a thread that this one speaks for: hand it the far end.
   *
   * @returns the peer's index; null: it cannot be reached, as for `connect`.
   */
  open(
    id: string,
    kind: ConnectionKind,
    far: { readonly port: MessagePort; readonly counters: SharedArrayBuffer },
  ): number | null {
    const peer = this.#peers.get(id);
    const request: ConnectFrame = { type: 'connect', kind };
    return peer?.wire.send(request, far) === 'sent' ? peer.index : null;
  }

  /** This actor has a thread (again), and `wire` leads to it. `markUp` follows when it listens. */
  addPeer(
    announced: { id: string; index: number; kind: ActorKind; address: Address },
    wire: Wire,
    memory: SharedMemory | null,
  ): Peer {
    const { id, index, kind, address } = announced;
    const known = this.#peers.get(id);
    assert(known === undefined || known.index === index, 'an actor keeps its index');
    void releaseMemory(known?.memory ?? null);
    const life = { address, memory, state: 'starting', wire } as const;
    const peer: Peer = Object.assign(known ?? { id, index, kind }, life);
    this.#peers.set(id, peer);
    wire.onFrame = (frame, attached) => {
      if (isConnectFrame(frame)) this.accept(attached, peer.index, frame.kind, id);
      else this.handlers.onFrame(peer, frame, attached.port);
    };
    wire.onClose = () => {
      if (peer.wire === wire) this.handlers.onWireClosed(peer);
    };
    return peer;
  }

  /** Take over the port of a connection that another thread opened, and its counters. */
  accept(
    { port, counters }: Attachments,
    peerIndex: number,
    kind: ConnectionKind,
    fromId: string,
  ): void {
    if (port === undefined || counters === undefined) return;
    const connection = this.#adopt(port, peerIndex, { shared: counters, side: 1 });
    this.handlers.onConnection(connection, kind, fromId);
  }

  markUp(id: string, address: Address): void {
    const peer = this.#peers.get(id);
    if (peer === undefined) return;
    Object.assign(peer, { address, state: 'up' });
    this.handlers.onUp(peer);
  }

  markDown(id: string, reason: DownReason): void {
    const peer = this.#peers.get(id);
    if (peer === undefined) return;
    Object.assign(peer, { state: 'down' });
    this.handlers.onDown(peer, reason);
  }

  /** The partition matrix has changed: what was held back may be free to go. */
  flush(): void {
    for (const connection of this.#connections) connection.flush();
  }

  /** Close every wire and connection, and let go of the peers' memories. */
  close(): void {
    for (const connection of this.#connections) connection.close();
    for (const peer of this.#peers.values()) {
      peer.wire.close();
      peer.memory = null;
    }
  }

  #adopt(port: MessagePort, peerIndex: number, counters: ConnectionCounters): Connection {
    const connection = new Connection(port, this.#partition, this.#ownIndex, peerIndex, counters);
    this.#connections.add(connection);
    connection.on('close', () => this.#connections.delete(connection));
    return connection;
  }
}
