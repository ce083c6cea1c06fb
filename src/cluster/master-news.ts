/** What is new about the master: another node is, or a server outside. */
import type { Address } from '../base/address.js';
import type { OutsideMaster } from '../runtime/mastership.js';
import type { ClusterEvents } from './events.js';

export type MasterChange =
  | { readonly type: 'switch-master'; readonly event: ClusterEvents['switch-master'] }
  | { readonly type: 'following'; readonly event: ClusterEvents['following'] };

/** Who knows the master, and where nodes are. */
interface Witness {
  readonly masterId: string | null;
  readonly outsideMaster: OutsideMaster | null;
  record(id: string): { readonly address: Address };
}

export class MasterNews {
  #id: string | null = null;
  #outside: OutsideMaster | null = null;

  /**
   * @returns what has changed since the last call; null: nothing. The first master is no change.
   */
  next(system: Witness): MasterChange | null {
    const { masterId: id, outsideMaster: outside } = system;
    const before = { id: this.#id, outside: this.#outside };
    if (id === null || (id === before.id && outside === before.outside)) return null;
    this.#id = id;
    this.#outside = outside;
    if (before.id === null) return null;
    if (outside !== null) {
      return { type: 'following', event: { id, host: outside.host, port: outside.port } };
    }
    const from = before.outside === null ? before.id : null;
    return { type: 'switch-master', event: { from, to: id, ...system.record(id).address } };
  }
}
