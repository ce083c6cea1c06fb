/** The code that a cluster's threads run: exchangeable, for tests of the cluster itself. */
import { Core } from '../core/core.js';
import type { SharedMemory } from '../runtime/wire.js';

export interface ActorCode {
  /** The threads' files: each of the compiled `actors/` entries with all it imports (scripts/build.mjs). */
  readonly node: URL;
  readonly sentinel: URL;
  /** Compiles the data core; the result is posted to every node. */
  compileCore(): Promise<unknown>;
  /** Makes a node's memory, at the start of each of its lives. */
  createMemory(): SharedMemory | null;
}

/** The real thing. */
export const ACTOR_CODE: ActorCode = {
  node: new URL('../../threads/node.js', import.meta.url),
  sentinel: new URL('../../threads/sentinel-thread.js', import.meta.url),
  compileCore: () => Core.compile(),
  createMemory: () => Core.createMemory(),
};
