/**
 * Asks a node that is a process what it is, again and again: its role, its offset, its link.
 *
 * It asks past the fault proxies, as an operator on the machine would, so that a partition among
 * the nodes does not hide what they think.
 */
import { setTimeout as sleep } from 'node:timers/promises';

import type { Address } from '../../base/address.js';
import type { Millis } from '../../base/time.js';
import { Asker } from '../../io/asker.js';

export interface NodeNews {
  onInfo(fields: ReadonlyMap<string, string>): void;
  /** It lives, and has not answered for `silentMs`. */
  onSilent(): void;
}

/** ms between two questions. */
const EVERY_MS: Millis = 50;

export class NodeWatch {
  readonly #place: Address;
  readonly #password: string | undefined;
  readonly #silentMs: Millis;
  readonly #news: NodeNews;
  readonly #over = new AbortController();
  #asker: Asker | null = null;

  constructor(place: Address, password: string | undefined, silentMs: Millis, news: NodeNews) {
    this.#place = place;
    this.#password = password;
    this.#silentMs = silentMs;
    this.#news = news;
    void this.#run();
  }

  close(): void {
    this.#over.abort();
    this.#asker?.close();
  }

  async #run(): Promise<void> {
    const { signal } = this.#over;
    while (!signal.aborted) {
      const begin = performance.now();
      try {
        const fields = await this.#open().info('replication');
        if (!signal.aborted) this.#news.onInfo(fields);
      } catch {
        this.#asker?.close();
        this.#asker = null;
        const wasSilent = performance.now() - begin >= this.#silentMs;
        if (wasSilent && !signal.aborted) this.#news.onSilent();
      }
      await sleep(EVERY_MS, undefined, { signal }).catch(() => {});
    }
  }

  #open(): Asker {
    if (this.#asker !== null) return this.#asker;
    const { host, port } = this.#place;
    const asker = new Asker(host, port, { silentMs: this.#silentMs });
    if (this.#password) asker.ask('AUTH', this.#password).catch(() => {});
    this.#asker = asker;
    return asker;
  }
}
