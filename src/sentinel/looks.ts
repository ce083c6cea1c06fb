/**
 * When each master's group is to be looked at again, and which ones a turn concerns.
 *
 * A sentinel may watch hundreds of masters. Nearly every message, and every wake, concerns one of
 * them; to look at all groups each time would take it longer than the time between two messages.
 */
import { PersistentMap } from '../base/persistent-map.js';
import type { Millis } from '../base/time.js';

export class Looks {
  /** Masters whose groups' records have changed in this turn. */
  readonly touched = new Set<string>();
  readonly #now: Millis;
  /** No group waits longer. */
  readonly #latest: Millis;
  readonly #before: ReadonlyMap<string, Millis>;
  #after: PersistentMap<string, Millis> | null = null;
  /** Whose group is being looked at. */
  #group: string | null = null;

  constructor(before: ReadonlyMap<string, Millis>, now: Millis, latest: Millis) {
    this.#before = before;
    this.#now = now;
    this.#latest = latest;
  }

  /** By master. */
  get dueAt(): ReadonlyMap<string, Millis> {
    return this.#after ?? this.#before;
  }

  /** When this master's group is to be looked at again; one that is new is, now. */
  of(name: string): Millis {
    return this.dueAt.get(name) ?? this.#now;
  }

  isDue(name: string): boolean {
    const at = this.of(name);
    // What is further away than any wait was asked for before the clock was set back.
    return at <= this.#now || at > this.#latest;
  }

  /** The group that is looked at now is to be looked at again at this moment or before. */
  wakeBy(at: Millis): void {
    if (this.#group !== null && at < this.of(this.#group)) this.#set(this.#group, at);
  }

  /**
   * Look at a group; what wakes are asked for meanwhile are for another look at it.
   *
   * @param whole - it is looked at as a whole: earlier wakes are no longer needed.
   */
  at(name: string, whole: boolean, look: () => void): void {
    const outer = this.#group;
    this.#group = name;
    if (whole) this.#set(name, this.#latest);
    look();
    this.#group = outer;
  }

  forget(name: string): void {
    this.#after ??= new PersistentMap(this.#before);
    this.#after.delete(name);
  }

  #set(name: string, at: Millis): void {
    this.#after ??= new PersistentMap(this.#before);
    this.#after.set(name, at);
  }
}
