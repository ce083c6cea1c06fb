/**
 * A client blocked on keys, and what the server's parts ask of their keeper (blocked-clients.ts).
 */
import type { BlockedKeys } from '../commands/node/keys.js';
import type { BlockedOnKeys, RawReply } from '../commands/spec.js';
import type { Resolved } from '../commands/table.js';
import type { Reply } from '../resp/reply.js';
import type { Client } from './client.js';

export interface Waiter {
  readonly client: Client;
  readonly resolved: Resolved;
  readonly wish: BlockedOnKeys;
  /** Answer it: it is no waiter any more. @param micros - what serving it took. */
  settle(result: Reply | RawReply, micros?: number): void;
}

export interface KeyWaiters extends BlockedKeys {
  /** Whether any client is blocked on keys. */
  readonly active: boolean;
  add(waiter: Waiter): void;
  /** It has been answered, or is gone. */
  remove(waiter: Waiter): void;
  /**
   * Serve clients whose keys are ready, if there are any; to be called after each command.
   *
   * @throws FencedSignal
   */
  serve(): void;
}
