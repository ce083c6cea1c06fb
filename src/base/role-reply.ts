/** What ROLE answers: replication knows it, a command shows it. */
import type { Address } from './address.js';

/** A replica's link to its master (src/replication/link-state.ts says what each state is). */
export type LinkState = 'none' | 'connect' | 'connecting' | 'handshake' | 'sync' | 'connected';

export type RoleReply =
  | {
      readonly role: 'master';
      readonly offset: number;
      readonly replicas: readonly (Address & { readonly offset: number })[];
    }
  | (Address & {
      readonly role: 'replica';
      readonly state: LinkState;
      /** -1: there is no link. */
      readonly offset: number;
    });
