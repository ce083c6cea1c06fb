/**
 * What the core has counted and noted in its registers, for the host to read: no calls, only
 * memory.
 */
import * as layout from './assembly/layout.js';
import { MemoryView } from './memory-view.js';

/** What has been counted since the core began, or since resetCounters(). */
export interface CoreCounters {
  /** Commands executed by the core itself. */
  readonly commands: number;
  readonly hits: number;
  readonly misses: number;
  readonly expiredKeys: number;
  readonly evictedKeys: number;
  readonly errorReplies: number;
  /** Those of them whose code is WRONGTYPE, and OOM; the others are ERR. */
  readonly wrongTypeErrors: number;
  readonly oomErrors: number;
}

/** Something happened to a key: EVENT_*. */
export interface CoreEvent {
  readonly event: number;
  readonly db: number;
  readonly key: Buffer;
}

export class CoreNotes extends MemoryView {
  counters(): CoreCounters {
    return {
      commands: this.readI64(layout.STAT_COMMANDS),
      hits: this.readI64(layout.STAT_KEYSPACE_HITS),
      misses: this.readI64(layout.STAT_KEYSPACE_MISSES),
      expiredKeys: this.readI64(layout.STAT_EXPIRED_KEYS),
      evictedKeys: this.readI64(layout.STAT_EVICTED_KEYS),
      errorReplies: this.readI64(layout.STAT_ERROR_REPLIES),
      wrongTypeErrors: this.readI64(layout.STAT_ERRORS_WRONGTYPE),
      oomErrors: this.readI64(layout.STAT_ERRORS_OOM),
    };
  }

  /** How often a command of the core was called, failed, and was refused unexecuted. */
  commandCounters(id: number): { calls: number; failed: number; rejected: number } {
    return {
      calls: this.readI64(layout.STAT_CALLS + id * 8),
      failed: this.readI64(layout.STAT_FAILED + id * 8),
      rejected: this.readI64(layout.STAT_REJECTED + id * 8),
    };
  }

  /** Commands executed: counters().commands alone, which is asked for after every batch. */
  commandsExecuted(): number {
    return this.readI64(layout.STAT_COMMANDS);
  }

  /** Calls of one command: commandCounters().calls alone. */
  callsOf(id: number): number {
    return this.readI64(layout.STAT_CALLS + id * 8);
  }

  resetCounters(): void {
    this.words.fill(0, layout.STAT_COMMANDS >>> 2, layout.STATS_END >>> 2);
  }

  /** @param events - EVENT_* bits: what takeEvents() shall tell of. */
  setNotedEvents(events: number): void {
    this.words[layout.NOTED_EVENTS >>> 2] = events;
  }

  /** What has happened to keys since the last call, in order. */
  takeEvents(): CoreEvent[] {
    return this.takeNotes(layout.EVENTS_PTR, layout.EVENTS_LEN);
  }

  /** Take the notes of keys of a queue: the registers that say where it is, and how long. */
  takeNotes(pointer: number, used: number): CoreEvent[] {
    const start = this.readU32(pointer);
    const end = start + this.readU32(used);
    const events: CoreEvent[] = [];
    for (let at = start; at < end;) {
      const length = this.readU32(at + 8);
      const key = this.copyOut(at + 12, length);
      events.push({ event: this.readU32(at), db: this.readU32(at + 4), key });
      at += (12 + length + 3) & ~3;
    }
    this.words[used >>> 2] = 0;
    return events;
  }
}
