/** What can happen to a cluster, as data of a plan. */
import type { Millis } from '../base/time.js';

/** An actor's id, or whoever is master when it comes to it. */
export type Target = string;

export type FaultKind =
  /** It dies, and is started again after a while. `silent`: its machine goes with it. */
  | { readonly type: 'crash'; readonly target: Target; readonly silent: boolean }
  /** A crash that takes what its disk had not synced; a thread has no such. */
  | { readonly type: 'power-loss'; readonly target: Target }
  | { readonly type: 'freeze'; readonly target: Target }
  /** Nothing gets into the island, out of it, or neither. */
  | {
      readonly type: 'isolate';
      readonly island: readonly Target[];
      readonly direction: 'in' | 'out' | 'both';
      /** Clients get there all the same. */
      readonly sparesClients?: boolean;
    }
  /** It dies, and its address goes to a replica of another group's master. */
  | { readonly type: 'reuse'; readonly target: Target }
  /** Nothing gets from one to the other. */
  | { readonly type: 'cut'; readonly from: Target; readonly to: Target }
  /** Its clock is set, by so many ms. */
  | { readonly type: 'clock'; readonly target: Target; readonly byMs: Millis }
  /** Each write of a sentinel's file takes so long. */
  | { readonly type: 'slow-disk'; readonly target: Target; readonly delayMs: Millis }
  /** Wires between nodes take nothing more. */
  | { readonly type: 'full-mailbox'; readonly from: Target; readonly to: Target }
  /** A user writes so many bytes as fast as they are taken. */
  | { readonly type: 'burst'; readonly target: Target; readonly bytes: number }
  /** A user asks for a failover. */
  | { readonly type: 'failover'; readonly target: Target; readonly isCoordinated: boolean };

export type Fault = FaultKind & {
  /** How long it lasts. */
  readonly forMs: Millis;
  /** Until the next one begins. */
  readonly thenMs: Millis;
  /** The next one begins before, as soon as this node is in a full sync. */
  readonly untilSyncOf?: Target;
  /** The next one begins before, this long after another node is master. */
  readonly afterSuccessionMs?: Millis;
};
