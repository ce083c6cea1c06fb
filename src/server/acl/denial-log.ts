/**
 * ACL LOG: what was denied to whom, the newest first. The same again within a minute is counted.
 *
 * @see redis/redis 7.0.15 src/acl.c, addACLLogEntry()
 */
import type { DenialEntry } from '../../commands/access/control.js';

const SAME_WITHIN_MS = 60_000;
/** So many of the newest are looked at for the same. */
const LOOKED_AT = 10;

export class DenialLog {
  readonly #entries: DenialEntry[] = [];

  get entries(): readonly DenialEntry[] {
    return this.#entries;
  }

  reset(): void {
    this.#entries.length = 0;
  }

  add(entry: Omit<DenialEntry, 'count'>, maxLength: number): void {
    const at = this.#entries.slice(0, LOOKED_AT).findIndex((other) => isSame(other, entry));
    if (at >= 0) {
      const [other] = this.#entries.splice(at, 1);
      this.#entries.unshift({ ...entry, count: (other?.count ?? 0) + 1 });
      return;
    }
    this.#entries.unshift({ ...entry, count: 1 });
    if (this.#entries.length > maxLength) this.#entries.length = maxLength;
  }
}

function isSame(a: DenialEntry, b: Omit<DenialEntry, 'count'>): boolean {
  return (
    a.reason === b.reason &&
    a.context === b.context &&
    a.object === b.object &&
    a.username === b.username &&
    Math.abs(a.lastMs - b.lastMs) <= SAME_WITHIN_MS
  );
}
