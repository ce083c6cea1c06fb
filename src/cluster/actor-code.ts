/** The code that a cluster's threads run: exchangeable, for tests of the cluster itself. */
import type { SharedMemory } from '../base/shared-memory.js';
import { packageFile } from '../base/package-file.js';
import { Core } from '../core/core.js';

export interface ActorCode {
  /**
   * The threads' files: each of the compiled `actors/` entries with all it imports
   * (scripts/build.mjs).
   */
  readonly node: URL;
  readonly sentinel: URL;
  readonly coordinator: URL;
  /** Compiles the data core; the result is posted to every node. */
  compileCore(): Promise<unknown>;
  /** Makes a node's memory, at the start of each of its lives. */
  createMemory(): SharedMemory | null;
}

/** The real thing. */
export const ACTOR_CODE: ActorCode = {
  get node() {
    return packageFile('dist/threads/node.js');
  },
  get sentinel() {
    return packageFile('dist/threads/sentinel-thread.js');
  },
  get coordinator() {
    return packageFile('dist/threads/coordinator.js');
  },
  compileCore: () => Core.compile(),
  createMemory: () => Core.createMemory(),
};
