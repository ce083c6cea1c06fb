/** What ROLE answers. */
import type { Address } from '../base/address.js';
import type { LinkState, RoleReply } from '../base/role-reply.js';
import type { ReplicaRecord } from './replica-record.js';

/**
 * @param link - to the master; its `master` null: this node is one.
 * @param head - the last byte published or applied.
 */
export function roleReply(
  link: {
    readonly master: Address | null;
    readonly state: LinkState;
  },
  records: readonly ReplicaRecord[],
  head: number,
): RoleReply {
  const { master, state } = link;
  if (master !== null) {
    return { role: 'replica', ...master, state, offset: state === 'connected' ? head : -1 };
  }
  const replicas = records
    .filter(({ stage }) => stage === 'online')
    .map(({ session: { host, port }, offset }) => ({ host, port, offset }));
  return { role: 'master', offset: head, replicas };
}
