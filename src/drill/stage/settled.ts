/** Wait until a cluster is whole: the state in which a drill begins, and in which it is judged. */
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Address } from '../../base/address.js';
import { RingleaderError } from '../../base/errors.js';
import type { Reply } from '../../resp/reply.js';
import { Asker } from '../../io/asker.js';
import type { Cluster } from '../../cluster/cluster.js';
import { type Expectation, expectedOf, nodeLacks, sentinelLacks } from '../../cluster/readiness.js';

const POLL_MS = 20;

/**
 * Every node follows the one master, and the sentinels know them all.
 *
 * @throws RingleaderError NOT_READY, naming what is missing.
 */
export async function untilWhole(cluster: Cluster, withinMs: number): Promise<void> {
  const giveUpAt = performance.now() + withinMs;
  for (;;) {
    const lack = await firstLack(cluster);
    if (lack === null) return;
    if (performance.now() > giveUpAt) {
      throw new RingleaderError('NOT_READY', `not whole after ${withinMs} ms: ${lack}`);
    }
    await sleep(POLL_MS);
  }
}

async function firstLack(cluster: Cluster): Promise<string | null> {
  const { replicas, sentinels, name, config } = cluster.topology;
  const nodes = cluster.nodes();
  const master = nodes.find(({ id }) => id === cluster.masterId);
  if (master === undefined) return 'there is no master';
  const expected: Expectation = { replicas, sentinels, masterPort: master.port };
  for (const node of nodes) {
    if (node.state !== 'up') return `${node.id} is ${node.state}`;
    const info = await askOnce(node, ['INFO', 'replication'], config['requirepass']);
    const lack = nodeLacks(info, expectedOf(expected, node === master, null, master.port));
    if (lack !== null) return `${node.id} ${lack}`;
  }
  for (const sentinel of cluster.sentinels()) {
    const known = await askOnce(sentinel, ['SENTINEL', 'MASTER', name]);
    const quorum = await askOnce(sentinel, ['SENTINEL', 'CKQUORUM', name]);
    const lack = sentinelLacks(known, quorum, expected);
    if (lack !== null) return `${sentinel.id} ${lack}`;
  }
  return null;
}

async function askOnce(
  address: Address,
  command: readonly string[],
  password?: string,
): Promise<Reply | null> {
  const asker = new Asker(address.host, address.port);
  try {
    if (password) await asker.ask('AUTH', password);
    return await asker.ask(...command);
  } catch {
    return null; // It cannot be reached just now.
  } finally {
    asker.close();
  }
}
