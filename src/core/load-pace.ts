/**
 * How fast keys of a snapshot are loaded: as fast as they can be, unless a test wants it slow
 * (`key-load-delay`), and then the node stands still as Redis does.
 */
import type { Millis } from '../base/time.js';

export interface LoadPaceEnvironment {
  readonly core: { readonly loader: { readonly keys: number } };
  readonly config: {
    /** For each key, µs; negative: a µs for so many keys; 0: none. */
    readonly keyLoadDelayMicros: number;
  };
  sleep?(ms: Millis): void;
}

export class LoadPace {
  readonly #env: LoadPaceEnvironment;
  #keys: number;
  /** Owed so far; the clock that sleeps counts in ms. */
  #micros = 0;

  constructor(env: LoadPaceEnvironment) {
    this.#env = env;
    this.#keys = env.core.loader.keys;
  }

  /** After each piece. */
  wait(): void {
    const { core, config } = this.#env;
    const keys = (core.loader.keys - this.#keys) >>> 0;
    this.#keys = core.loader.keys;
    const delay = config.keyLoadDelayMicros;
    if (delay === 0) return;
    this.#micros += delay > 0 ? keys * delay : keys / -delay;
    if (this.#micros < 1000) return;
    this.#env.sleep?.(this.#micros / 1000);
    this.#micros = 0;
  }
}
