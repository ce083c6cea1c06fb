/**
 * Where a sentinel keeps what it must not forget: its file, or the main thread's memory.
 *
 * As long as the last text could not be written, nothing may be said that rests on it: a vote that
 * a restart would give a second time, an epoch that it would not know.
 */
import { errnoText } from '../src/io/errno-text.js';
import { replaceFile } from '../src/io/files.js';
import type { SentinelEffect } from '../src/sentinel/messages.js';

export interface SentinelDiskOptions {
  /** Undefined: there is no file. */
  readonly file: string | undefined;
  /** Keep a text for the next life, which has no file. */
  readonly save: (text: string) => void;
  readonly onSaved: () => void;
  readonly onFailed: (why: string) => void;
}

export class SentinelDisk {
  readonly #options: SentinelDiskOptions;
  #unsaved: string | null = null;

  constructor(options: SentinelDiskOptions) {
    this.#options = options;
  }

  /** What was last to be kept could not be written. */
  get isBehind(): boolean {
    return this.#unsaved !== null;
  }

  /** Write the text; if that fails it is tried again before anything is said that rests on it. */
  keep(text: string): void {
    this.#unsaved = text;
    this.#write();
  }

  /** Whether the effect may be performed: it rests on nothing that is not on disk. */
  allows(effect: SentinelEffect): boolean {
    return this.#unsaved === null || !restsOnState(effect) || this.#write();
  }

  #write(): boolean {
    if (this.#unsaved === null) return true;
    const { file, save, onSaved, onFailed } = this.#options;
    if (file === undefined) save(this.#unsaved);
    else {
      try {
        replaceFile(file, this.#unsaved);
        onSaved();
      } catch (error) {
        onFailed(errnoText(error));
        return false;
      }
    }
    this.#unsaved = null;
    return true;
  }
}

/** PING and INFO tell nothing of this sentinel. */
function restsOnState(effect: SentinelEffect): boolean {
  if (effect.type === 'send') return effect.tag !== 'ping' && effect.tag !== 'info';
  return effect.type === 'question' || effect.type === 'answer';
}
