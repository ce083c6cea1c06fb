/**
 * CLIENT PAUSE: for a while, clients' commands (or those that write) wait instead of being run.
 *
 * What arrives stays with the connections; `whenOver` tells them to go on.
 *
 * @see redis/redis 7.0 src/networking.c, pauseClients()
 */
export type PauseMode = 'none' | 'write' | 'all';

export class Pause {
  #mode: PauseMode = 'none';
  #untilMs = 0;
  readonly #waiting = new Set<() => void>();

  get mode(): PauseMode {
    return this.#mode;
  }

  /** A pause in force can be made longer and stricter, not shorter or milder. */
  start(mode: 'write' | 'all', untilMs: number): void {
    if (this.#mode !== 'all') this.#mode = mode;
    this.#untilMs = Math.max(this.#untilMs, untilMs);
  }

  /** Call `resume` once when the pause is over. */
  whenOver(resume: () => void): void {
    this.#waiting.add(resume);
  }

  end(): void {
    this.#mode = 'none';
    this.#untilMs = 0;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resume of waiting) resume();
  }

  /** End the pause if its time is up. To be called several times a second. */
  check(nowMs: number): void {
    if (this.#mode !== 'none' && nowMs >= this.#untilMs) this.end();
  }
}
