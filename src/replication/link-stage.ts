/** In which state a link is, when its master last gave a sign, and since when it has been down. */
import type { Address } from '../base/address.js';
import { assert } from '../base/assert.js';
import type { LinkState } from '../base/role-reply.js';
import type { Millis } from '../base/time.js';
import type { ReplicationEnvironment } from './environment.js';
import { isLegalTransition } from './link-state.js';

export class LinkStage {
  readonly #env: ReplicationEnvironment;
  #state: LinkState = 'none';
  #heardAt: Millis = 0;
  #downSince: Millis | null = null;

  constructor(env: ReplicationEnvironment) {
    this.#env = env;
  }

  get state(): LinkState {
    return this.#state;
  }

  /** When the master last gave a sign; monotonic. */
  get heardAt(): Millis {
    return this.#heardAt;
  }

  /** Since when the link has been down; null: it is up, or never was. Monotonic. */
  get downSince(): Millis | null {
    return this.#downSince;
  }

  /** The master gives a sign. */
  heard(): void {
    this.#heardAt = this.#env.clock.monotonicMs();
  }

  /** @param master - that the link leads to. */
  enter(state: LinkState, master: Address | null): void {
    assert(isLegalTransition(this.#state, state), `link from ${this.#state} to ${state}`);
    const wasUp = this.#state === 'connected';
    this.#env.onLinkState?.(this.#state, state);
    this.#state = state;
    if (wasUp || state === 'connected') this.#env.onLink?.(wasUp ? null : master);
    if (state === 'connected' || state === 'none') this.#downSince = null;
    this.heard();
  }

  /** What was up, or about to be, is lost. */
  down(): void {
    if (this.#state !== 'connected' && this.#state !== 'sync') return;
    this.#downSince ??= this.#env.clock.monotonicMs();
  }
}
