/**
 * For a while, clients' commands (or those that write) wait instead of being run: by CLIENT PAUSE,
 * and while a failover, MIGRATE or the end of the node needs data that stand still.
 *
 * What arrives stays with the connections; `whenOver` tells them to go on.
 *
 * @see redis/redis 7.0 src/networking.c, pauseClients()
 */
export type PauseMode = 'none' | 'write' | 'all';

/** Who has asked for one; each ends its own. */
export type PausePurpose = 'client' | 'failover' | 'migrate' | 'shutdown';

interface Request {
  readonly mode: 'write' | 'all';
  readonly untilMs: number;
}

export class Pause {
  readonly #requests = new Map<PausePurpose, Request>();
  #mode: PauseMode = 'none';
  readonly #waiting = new Set<() => void>();

  get mode(): PauseMode {
    return this.#mode;
  }

  /**
   * A pause in force can be made longer and stricter, not shorter or milder.
   *
   * @param untilMs - Unix ms; Infinity: until it is ended.
   */
  start(mode: 'write' | 'all', untilMs: number, purpose: PausePurpose = 'client'): void {
    const present = this.#requests.get(purpose);
    this.#requests.set(purpose, {
      mode: present?.mode === 'all' ? 'all' : mode,
      untilMs: Math.max(present?.untilMs ?? 0, untilMs),
    });
    this.#update();
  }

  /** Call `resume` once when the pause is over. */
  whenOver(resume: () => void): void {
    this.#waiting.add(resume);
  }

  end(purpose: PausePurpose = 'client'): void {
    if (this.#requests.delete(purpose)) this.#update();
  }

  /** End the pauses whose time is up. To be called several times a second. */
  check(nowMs: number): void {
    if (this.#mode === 'none') return;
    for (const [purpose, { untilMs }] of this.#requests) if (nowMs >= untilMs) this.end(purpose);
  }

  #update(): void {
    const modes = [...this.#requests.values()].map(({ mode }) => mode);
    this.#mode = modes.includes('all') ? 'all' : (modes[0] ?? 'none');
    if (this.#mode !== 'none') return;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resume of waiting) resume();
  }
}
