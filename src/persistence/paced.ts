/**
 * A save between commands that is held back, as `rdb-key-save-delay` asks for: after so many slices
 * it pauses. Who gives the save up ends the pause.
 */
import { type SavePace, savePace } from '../core/save-pace.js';
import type { Millis } from '../base/time.js';

/** Call back after so many ms. @returns what calls it off. */
export type Later = (delayMs: Millis, task: () => void) => () => void;

export class Paced {
  readonly #delayMicros: () => number;
  readonly #later: Later;
  #made = 0;
  #endPause: () => void = () => {};
  #isOver = false;

  /** @param delayMicros - @see savePace; asked before each slice. */
  constructor(delayMicros: () => number, later: Later) {
    this.#delayMicros = delayMicros;
    this.#later = later;
  }

  /** @param bytes - of a slice that nothing holds back. */
  sliceBytes(bytes: number): number {
    return this.#pace(bytes).sliceBytes;
  }

  /** A slice is made: resolves when the next one may be. */
  async pause(): Promise<void> {
    const { slices, waitMs } = this.#pace(1);
    this.#made += 1;
    if (waitMs === 0 || this.#made < slices || this.#isOver) return;
    this.#made = 0;
    await new Promise<void>((resolve) => {
      const callOff = this.#later(waitMs, resolve);
      this.#endPause = () => {
        callOff();
        resolve();
      };
    });
  }

  end(): void {
    this.#isOver = true;
    this.#endPause();
  }

  #pace(bytes: number): SavePace {
    return savePace(this.#delayMicros(), bytes);
  }
}
