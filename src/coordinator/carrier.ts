/**
 * What the coordinator does: it carries what the sentinels of a cluster ask and answer, in one
 * order, and keeps the log of it.
 *
 * It decides nothing: it counts no votes, and what it does not carry is asked again. A message
 * across a partition of its two ends is dropped, as their own wire would drop it. While it is dead
 * or stands still the sentinels use their wires to each other (`conversations.ts`), and the log has
 * a gap.
 */
import type { Millis } from '../base/time.js';
import { type ElectionEntry, ElectionLog } from './election-log.js';
import { type Carried, type Conversation, isToCoordinator, type ToCoordinator } from './frames.js';

/** What it needs of the thread that it is in. `Peer` is how that knows another actor. */
export interface CarrierHost<Peer extends { readonly id: string }> {
  peer(id: string): Peer | undefined;
  /** Whether a partition separates the two. */
  isCut(from: Peer, to: Peer): boolean;
  /** @returns false: it takes nothing. */
  send(to: Peer, frame: Carried): boolean;
  /** Unix ms. */
  nowMs(): Millis;
  /** A new entry of the log. */
  tell(entry: ElectionEntry): void;
}

export class Carrier<Peer extends { readonly id: string }> {
  readonly #host: CarrierHost<Peer>;
  readonly #log = new ElectionLog();

  constructor(host: CarrierHost<Peer>) {
    this.#host = host;
  }

  /** The log's latest entries, oldest first. */
  entries(): readonly ElectionEntry[] {
    return this.#log.entries();
  }

  /** A frame on a sentinel's wire; what is not for the coordinator is passed over. */
  onFrame(from: Peer, frame: { readonly type: string }): void {
    if (!isToCoordinator(frame)) return;
    if (frame.type === 'carry') this.#carry(from, frame.to, frame.message);
    else this.#record(from, frame);
  }

  #carry(from: Peer, id: string, message: Conversation): void {
    const to = this.#host.peer(id);
    if (to === undefined || this.#host.isCut(from, to)) return;
    if (this.#host.send(to, { type: 'carried', from: from.id, message })) {
      this.#record(from, message);
    }
  }

  #record(from: Peer, frame: Conversation | (ToCoordinator & { type: 'elected' })): void {
    for (const entry of this.#log.note(from.id, frame, this.#host.nowMs())) this.#host.tell(entry);
  }
}
