/** How long each master that dies is without a successor. */
import type { Millis } from '../base/time.js';

export interface Outage {
  readonly group: string;
  readonly diedAt: Millis;
  /** Until a sentinel named another one (`+switch-master`); null: none has yet. */
  readonly lastedMs: Millis | null;
}

export class Outages {
  readonly #all: Outage[] = [];
  /** Where those that are not over stand, by group. */
  readonly #open = new Map<string, number>();

  get all(): readonly Outage[] {
    return this.#all;
  }

  /** Of a group whose master is missed already this is the same outage. */
  died(group: string, diedAt: Millis): void {
    if (this.#open.has(group)) return;
    this.#open.set(group, this.#all.push({ group, diedAt, lastedMs: null }) - 1);
  }

  /** A sentinel names another master: the first one that does ends the outage. */
  replaced(group: string, at: Millis): void {
    const index = this.#open.get(group);
    const outage = index === undefined ? undefined : this.#all[index];
    if (index === undefined || outage === undefined) return;
    this.#open.delete(group);
    this.#all[index] = { ...outage, lastedMs: at - outage.diedAt };
  }
}
