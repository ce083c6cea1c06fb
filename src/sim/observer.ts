/** Who looks on at a world; times are those of the world's clock. */
import type { LogLevel } from '../commands/node/process.js';
import type { SentinelEffect } from '../sentinel/messages.js';
import type { SimNode } from './sim-node.js';
import type { SimSentinel } from './sim-sentinel.js';

export interface Observer {
  note(who: string, what: string): void;
  log(node: SimNode, level: LogLevel, text: string): void;
  /** Something of a node's replication has happened; absent: nobody looks. */
  event?(node: SimNode, name: string, payload: unknown): void;
  /** Before the effect is performed. */
  effect(sentinel: SimSentinel, effect: SentinelEffect): void;
}
