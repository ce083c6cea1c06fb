/**
 * Telling eviction of reads that it does not see.
 *
 * Readers of shared memory leave the keys' access clocks alone, so to a node whose memory is full
 * the keys that are read most look unused. One read in SAMPLE is therefore noted,
 * and what was noted goes to the master as a TOUCH, a batch at a time: cheap, and enough, since
 * eviction compares keys with each other and all are sampled alike. Only the first BATCH different
 * keys of each period count. Nothing waits for it, and nothing fails with it.
 */
const SAMPLE = 16;
const BATCH = 64;
/** ms that a note may wait. */
const PERIOD_MS = 100;

export class Touches {
  readonly #tell: (keys: readonly string[]) => Promise<unknown>;
  readonly #keys = new Set<string>();
  #left = SAMPLE;
  #timer: NodeJS.Timeout | null = null;

  /** @param tell - brings them to the master. */
  constructor(tell: (keys: readonly string[]) => Promise<unknown>) {
    this.#tell = tell;
  }

  /** A key was read. */
  note(key: string): void {
    this.#left -= 1;
    if (this.#left > 0) return;
    this.#left = SAMPLE;
    if (this.#keys.size < BATCH) this.#keys.add(key);
    this.#timer ??= setTimeout(() => this.#flush(), PERIOD_MS).unref();
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#keys.clear();
  }

  #flush(): void {
    this.#timer = null;
    const keys = [...this.#keys];
    this.#keys.clear();
    if (keys.length > 0) this.#tell(keys).catch(() => {});
  }
}
