/** The cluster as a table, for people. */
import { joinHostPort } from '../base/host-port.js';
import { renderTable } from '../report/terminal.js';
import type { NodeInfo, SentinelInfo } from '../cluster/members.js';

/** What the table needs of a cluster. */
interface Shown {
  nodes(): readonly NodeInfo[];
  sentinels(): readonly SentinelInfo[];
}

/** @param width - columns that there are. @returns lines without a newline at the end. */
export function topologyTable(cluster: Shown, width = Infinity): string {
  const rows = [
    ...cluster.nodes().map((node) => row(node, node.role)),
    ...cluster.sentinels().map((sentinel) => row(sentinel, 'sentinel')),
  ];
  return renderTable({ head: ['id', 'role', 'address', 'state'], rows }, width);
}

function row({ id, host, port, state }: SentinelInfo, role: string): readonly string[] {
  return [id, role, joinHostPort(host, port), state];
}
