/** The code that a cluster's threads run: exchangeable, for tests of the cluster itself. */
import { Core } from '../core/core.js';
import type { SharedMemory } from '../runtime/wire.js';

export interface ActorCode {
  /** Compiled entry files of the threads. */
  readonly node: URL;
  readonly sentinel: URL;
  /** Compiles the data core; the result is posted to every node. */
  compileCore(): Promise<unknown>;
  /** Makes a node's memory, at the start of each of its lives. */
  createMemory(): SharedMemory | null;
}

/** The real thing. */
export const ACTOR_CODE: ActorCode = {
  node: new URL('../../actors/node.js', import.meta.url),
  sentinel: new URL('../../actors/sentinel-thread.js', import.meta.url),
  compileCore: () => Core.compile(),
  createMemory: () => Core.createMemory(),
};
