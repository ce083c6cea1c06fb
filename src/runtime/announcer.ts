/**
 * The announcer: tells every actor who the others are, how to reach them, and who is up or down.
 *
 * All pairs are wired when an actor starts, so that whatever happens later, two live actors already
 * have their way to each other. News does not cross a partition: an actor that is cut off from
 * another hears of its death, or return, when the cut has healed, as it would on a network.
 */
import { MessageChannel } from 'node:worker_threads';

import { type ActorRecord, isRunning } from './actor-record.js';
import type { SystemFrame, DownReason } from './messages.js';
import type { PartitionMatrix } from './partition.js';
import { type Attachments, createWireCounters } from './wire.js';

/** Send a frame to an actor, if it has a thread. */
export function tell(to: ActorRecord, frame: SystemFrame, attachments?: Attachments): void {
  to.thread?.wire.send(frame, attachments);
}

export class Announcer {
  readonly #partition: PartitionMatrix;
  readonly #all: () => Iterable<ActorRecord>;
  /** For each actor, those of whom it has not heard the news because a partition is between. */
  readonly #untold = new Map<ActorRecord, Set<ActorRecord>>();

  /** @param all - every actor of the cluster, running or not. */
  constructor(partition: PartitionMatrix, all: () => Iterable<ActorRecord>) {
    this.#partition = partition;
    this.#all = all;
  }

  /** A new thread: give it a wire to each actor that runs, and each of these a wire to it. */
  introduce(newcomer: ActorRecord): void {
    for (const other of this.#othersOf(newcomer)) {
      const { port1, port2 } = new MessageChannel();
      const counters = createWireCounters();
      this.#handOver(newcomer, other, 0, { port: port1, counters });
      this.#handOver(other, newcomer, 1, { port: port2, counters });
    }
  }

  /** Tell all others what state this actor is in. */
  announce(subject: ActorRecord): void {
    for (const other of this.#othersOf(subject)) this.#tellStateOf(subject, other);
  }

  /** Tell all actors that the partition matrix has changed, and what they have missed. */
  partitionChanged(): void {
    for (const to of this.#all()) tell(to, { type: 'partition' });
    for (const [to, subjects] of this.#untold) {
      for (const subject of subjects) this.#tellStateOf(subject, to);
    }
  }

  #handOver(to: ActorRecord, peer: ActorRecord, side: number, wire: Attachments): void {
    const { index, kind, address, memory } = peer;
    const frame = { type: 'peer', id: peer.spec.id, index, kind, address, side } as const;
    tell(to, frame, memory === null ? wire : { ...wire, memory });
    this.#tellStateOf(peer, to);
  }

  #tellStateOf(subject: ActorRecord, to: ActorRecord): void {
    const untold = this.#untold.get(to) ?? new Set();
    this.#untold.set(to, untold);
    if (this.#partition.isCut(subject.index, to.index)) {
      untold.add(subject);
      return;
    }
    untold.delete(subject);
    const { id } = subject.spec;
    if (subject.state === 'up') tell(to, { type: 'up', id, address: subject.address });
    else if (subject.downReason !== null) {
      const reason: DownReason = subject.downReason;
      tell(to, { type: 'down', id, reason });
    }
  }

  #othersOf(subject: ActorRecord): ActorRecord[] {
    return [...this.#all()].filter((other) => other !== subject && isRunning(other));
  }
}
