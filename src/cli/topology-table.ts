/** The cluster as a table, for people. */
import Table from 'cli-table3';

import { joinHostPort } from '../base/host-port.js';
import type { NodeInfo, SentinelInfo } from '../cluster/cluster.js';

/** What the table needs of a cluster. */
interface Shown {
  nodes(): readonly NodeInfo[];
  sentinels(): readonly SentinelInfo[];
}

/** @returns lines without a newline at the end. */
export function topologyTable(cluster: Shown): string {
  const table = new Table({
    head: ['id', 'role', 'address', 'state'],
    style: { head: [], border: [], compact: true },
  });
  for (const { id, role, host, port, state } of cluster.nodes()) {
    table.push([id, role, joinHostPort(host, port), state]);
  }
  for (const { id, host, port, state } of cluster.sentinels()) {
    table.push([id, 'sentinel', joinHostPort(host, port), state]);
  }
  return table.toString();
}
