/** A replica in this process: told by frames, seen in its memory. */
import type { SharedMemory } from '../../base/shared-memory.js';
import { RingReader } from '../../backlog/ring-reader.js';
import type { ReplicationEnvironment, ReplicationPeer } from '../environment.js';
import type { ReplicaSession, SnapshotChunk, StreamAnswer } from '../replica-session.js';
import { CREDIT_CHUNKS, type ReplicaFrame } from './frames.js';

export class SharedReplicaSession implements ReplicaSession {
  readonly isRemote = false;
  readonly givenBytes = 0;
  readonly leftBytes = 0;
  readonly isSpooled = false;
  readonly rdbContents = 'all';
  readonly isBackup = false;
  readonly acknowledges = true;
  readonly flowControl = 'throttle';
  readonly peer: ReplicationPeer;
  /** Of the psync that began it; names it in its frames. */
  readonly number: number;
  readonly port: number;
  readonly #env: ReplicationEnvironment;
  /** Its head is the replica's offset once it is online. */
  readonly #reader: RingReader;
  /** The replica's HISTORY number while it follows this node; -1: it has not said so yet. */
  followsIn = -1;
  /** Chunks it has been sent, and those of them that it has read. */
  #sent = 0;
  #read = 0;

  constructor(
    env: ReplicationEnvironment,
    peer: ReplicationPeer,
    memory: SharedMemory,
    { session, port }: ReplicaFrame & { type: 'psync' },
  ) {
    this.#env = env;
    this.peer = peer;
    this.number = session;
    this.port = port;
    this.#reader = new RingReader(memory);
  }

  get nodeIndex(): number {
    return this.peer.index;
  }

  get host(): string {
    return this.peer.address.host;
  }

  isCut(): boolean {
    return this.peer.wire.isCut();
  }

  isGone(): boolean {
    return this.peer.memory === null;
  }

  seenOffset(): number | null {
    // Behind a cut it may have gone elsewhere, and be in another history when that heals: a head
    // there says nothing of what it has of ours. It changes the number before it moves its head.
    if (this.isCut()) return null;
    const head = this.#reader.head();
    if (this.#reader.history() !== this.followsIn) return null;
    return Math.min(head, this.#env.core.head());
  }

  ringCursor(acked: number): number {
    return acked;
  }

  continue(answer: StreamAnswer): void {
    this.peer.wire.send({ type: 'continue', session: this.number, ...answer });
  }

  fullResync(answer: StreamAnswer, offset: number): void {
    this.peer.wire.send({ type: 'full-resync', session: this.number, offset, ...answer });
  }

  get isOwing(): boolean {
    return this.#read < this.#sent;
  }

  isReady(): boolean {
    return this.#sent - this.#read < CREDIT_CHUNKS;
  }

  send({ number, body, isLast }: SnapshotChunk): void {
    // A chunk that is lost leaves a gap in the numbers, at which the replica starts over.
    this.peer.wire.send({ type: 'snapshot', session: this.number, chunk: number, body, isLast });
    this.#sent = number + 1;
  }

  /** It has read this chunk, and all before it: what it said of those may have been lost. */
  onCredit(chunk: number): void {
    this.#read = chunk + 1;
  }

  /** It asks for a wake itself, by its bit among those that are parked (backlog/ring-owner.ts). */
  wake(): void {}

  /** Its master's heartbeat stands in shared memory. */
  keepAlive(): void {}

  refuse(error: string): void {
    this.peer.wire.send({ type: 'refuse', session: this.number, error });
  }
}
