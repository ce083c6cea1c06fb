/** What an actor system tells whoever runs it. */
import type { Address } from '../base/address.js';
import type { Millis } from '../base/time.js';
import type { DownReason } from './messages.js';

/** What happens in the cluster, as it happens. */
export type ActorSystemEvent =
  | { readonly type: 'up'; readonly id: string; readonly address: Address }
  | {
      readonly type: 'down';
      readonly id: string;
      readonly reason: DownReason;
      readonly detail: string;
    }
  | { readonly type: 'restarting'; readonly id: string; readonly afterMs: Millis }
  | { readonly type: 'waiting-for-failover'; readonly id: string }
  /** It is not restarted any more. */
  | { readonly type: 'given-up'; readonly id: string; readonly why: string }
  /** An actor's own event: a sentinel's `+sdown`, a node's `role-changed`… */
  | {
      readonly type: 'actor';
      readonly id: string;
      readonly name: string;
      readonly payload: unknown;
    };
