/** One session with a master of this process. */
import type { SharedMemory } from '../../base/shared-memory.js';
import { joinHostPort } from '../../base/host-port.js';
import { RingOwner } from '../../backlog/ring-owner.js';
import { RingReader } from '../../backlog/ring-reader.js';
import type { Millis } from '../../base/time.js';
import { Applier } from '../apply.js';
import type { DrainResult, ReplicationEnvironment, ReplicationPeer } from '../environment.js';
import type { MasterSession, MasterSessionOwner } from '../master-session.js';
import { decidePsync, type PsyncRequest } from '../psync.js';
import { ChunkReader } from './shared-chunks.js';
import { type Followed, Follower } from './follower.js';
import type { MasterFrame } from './frames.js';
import { type GapSample, findGap } from './gap.js';
import { readLineage } from './lineage.js';

/** An unanswered PSYNC is sent anew after this long: the frame may have met a partition. */
export const HANDSHAKE_RETRY_MS: Millis = 1000;

/** The master's ring, from its answer on. It can be read even when its owner is dead. */
interface Attachment extends Followed {
  readonly memory: SharedMemory;
}

export class SharedMasterSession implements MasterSession {
  readonly isRemote = false;
  readonly begins = 'handshake';
  readonly handshakeTimeoutMs = HANDSHAKE_RETRY_MS;
  readonly name: string;
  readonly peer: ReplicationPeer;
  readonly #env: ReplicationEnvironment;
  readonly #owner: MasterSessionOwner;
  readonly #number: number;
  readonly #request: PsyncRequest;
  readonly #follower: Follower;
  readonly #ownRing: RingOwner;
  #attachment: Attachment | null = null;
  #chunks: ChunkReader | null = null;
  #nextChunk = 0;
  #isOpen = true;
  #isFollowing = false;
  #sample: GapSample | null = null;

  /** @param number - names this session in its frames. */
  constructor(
    env: ReplicationEnvironment,
    owner: MasterSessionOwner,
    peer: ReplicationPeer,
    number: number,
    request: PsyncRequest,
  ) {
    this.#env = env;
    this.#owner = owner;
    this.peer = peer;
    this.#number = number;
    this.#request = request;
    this.#ownRing = new RingOwner(env.core.memory);
    this.name = joinHostPort(peer.address.host, peer.address.port);
    const applier = new Applier(env, owner);
    this.#follower = new Follower(env, applier, {
      followed: () => this.#followed(),
      onApplied: (followed, bytes) => this.#onApplied(followed, bytes),
      onEnd: (end) => owner.onStreamEnd(end),
    });
  }

  isCut(): boolean {
    return this.peer.wire.isCut();
  }

  get memory(): SharedMemory | null {
    return this.#attachment?.memory ?? null;
  }

  /**
   * Go on without an answer, from what the memory of a master tells.
   *
   * @returns the id of its history; null: this node cannot continue that, or it is no master.
   */
  recall(): string | null {
    const { memory } = this.peer;
    if (memory === null || this.isCut()) return null;
    const reader = new RingReader(memory);
    const history = reader.history(); // First: a change after this is found by whoever reads on.
    const lineage = readLineage(memory);
    if (lineage === null || lineage.master !== null) return null;
    const window = { histStart: reader.histStart(), head: reader.head() };
    if (decidePsync(this.#request, lineage.ids, window).state !== 'continue') return null;
    return this.#attach(history) ? lineage.ids.replid : null;
  }

  follow(): void {
    this.#isFollowing = true;
    this.#follower.schedule();
  }

  drain(): DrainResult {
    if (this.#attachment === null) return 'none';
    if (this.isCut()) return 'cut';
    for (;;) {
      const result = this.#follower.slice(this.#attachment);
      switch (result) {
        case 'applied':
        case 'moved':
          continue;
        case 'empty':
          return 'complete';
        case 'lapped':
        case 'other-history':
          return 'lapped';
        case 'fenced':
          // Meant for a master that this node no longer is.
          this.#env.core.unfence();
          continue;
        case 'corrupt':
        case 'out-of-memory':
        case 'parted':
          return 'broken';
      }
    }
  }

  acknowledge(offset: number): void {
    const history = this.#ownRing.history();
    this.peer.wire.send({ type: 'ack', session: this.#number, offset, history });
  }

  loaded(): void {
    this.peer.wire.send({ type: 'online', session: this.#number });
  }

  onCron(): void {
    const attachment = this.#attachment;
    // What was known before the handshake says nothing about the master of now.
    if (attachment === null) return;
    if (this.peer.memory !== attachment.memory) {
      this.onGone(); // It died and is back already: this is another node at the same place.
      return;
    }
    if (this.isCut()) return;
    if (this.#isAlive(attachment)) this.#owner.onHeard();
    if (this.#isFollowing) this.#healGap(attachment);
  }

  close(): void {
    this.#isOpen = false;
    this.#isFollowing = false;
    if (this.#attachment !== null) this.#follower.leave(this.#attachment);
    this.peer.wire.send({ type: 'leave', session: this.#number });
  }

  /** The master's thread has ended. What it published is still there to be read. */
  onGone(): void {
    if (!this.#isOpen) return;
    const replid =
      this.#attachment === null && this.#env.strict === undefined ? this.recall() : null;
    if (replid !== null) this.#owner.onContinue(replid);
    if (this.#isFollowing) this.drain();
    this.#owner.onLost('the master is gone', 'later');
  }

  onFrame(frame: MasterFrame): void {
    if (!this.#isOpen) return;
    if (frame.type === 'wake') {
      this.#follower.schedule();
      return;
    }
    if (frame.session !== this.#number) return;
    this.#owner.onHeard();
    switch (frame.type) {
      case 'continue':
        if (this.#attach(frame.history)) this.#owner.onContinue(frame.replid);
        return;
      case 'full-resync':
        if (this.#attach(frame.history)) this.#owner.onFullResync(frame.replid, frame.offset);
        return;
      case 'snapshot':
        this.#onChunk(frame);
        return;
      case 'ballot':
        if (this.#attachment === null) this.#owner.onBallot(frame.ballot);
        return;
      case 'refuse':
        this.#owner.onRefused(frame.error);
    }
  }

  /** @returns false: an answer that comes twice, or from a node without memory. */
  #attach(history: number): boolean {
    const { memory } = this.peer;
    if (memory === null || this.#attachment !== null) return false;
    this.#attachment = { reader: new RingReader(memory), memory, history };
    this.#chunks = new ChunkReader(memory);
    return true;
  }

  #onChunk({ chunk, body, isLast }: MasterFrame & { type: 'snapshot' }): void {
    const reader = this.#chunks;
    if (reader === null) return;
    if (chunk !== this.#nextChunk) return this.#owner.onLost('a chunk was lost', 'later');
    this.#nextChunk += 1;
    if (body instanceof Uint8Array) this.#owner.onSnapshot(body);
    else {
      const bytes = reader.view(body);
      if (bytes === null) return this.#owner.onLost('a chunk lies outside its master', 'later');
      this.#owner.onSnapshot(bytes);
      if (!reader.isShared(body)) {
        if (this.#isOpen) this.#owner.onLost('the master took a chunk back', 'later');
        return;
      }
    }
    if (!this.#isOpen) return;
    if (isLast) this.#owner.onSnapshotEnd();
    if (this.#isOpen) this.peer.wire.send({ type: 'credit', session: this.#number, chunk });
  }

  /** @returns the ring to read, unless the session is over or cut (the cron looks if it healed). */
  #followed(): Followed | null {
    return this.#isFollowing && !this.isCut() ? this.#attachment : null;
  }

  #onApplied({ reader }: Followed, bytes: number): void {
    this.#owner.onApplied(bytes);
    const wanted = reader.notifyAt();
    if (wanted !== -1 && this.#env.core.head() >= wanted) this.#owner.onAckWanted();
  }

  #healGap({ reader }: Attachment): void {
    const sample = { own: this.#env.core.head(), master: reader.head() };
    const bytes = findGap(this.#sample, sample);
    this.#sample = sample;
    if (bytes <= 0) return;
    this.#env.onEvent({ type: 'gap-healed', bytes });
    this.#follower.schedule();
  }

  #isAlive({ reader }: Attachment): boolean {
    return reader.isBeating(this.#env.clock.wallMs());
  }
}
