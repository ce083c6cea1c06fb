/** Start a cluster's actors, each when what it is told is known. */
import type { Address } from '../base/address.js';
import type { ActorSpec } from '../runtime/actor-record.js';
import type { ActorSystem } from '../runtime/actor-system.js';
import { firstNode } from './node-folders.js';
import type { Topology } from './options.js';
import { type ActorSource, nodeSpec, sentinelSpec } from './specs.js';

/** @throws RingleaderError why one of them cannot start. */
export async function startActors(
  system: Pick<ActorSystem, 'start'>,
  topology: Topology,
  from: ActorSource,
): Promise<void> {
  const { replicas, sentinels } = topology;
  const start = (spec: ActorSpec): Promise<Address> => system.start(spec);
  // The master first: the others are told its port, which may be any free one.
  const first = firstNode(topology);
  const master = await start(nodeSpec(topology, from, first, null));
  const watched = topology.replicaOf === null ? master : null;
  const others = Array.from({ length: replicas + 1 }, (_, i) => i).filter((i) => i !== first);
  const rest = [
    ...others.map((i) => nodeSpec(topology, from, i, master)),
    ...Array.from({ length: sentinels }, (_, i) => sentinelSpec(topology, from, i, watched)),
  ].map(start);
  // Settled, not raced: stopping half-started threads must find them all.
  const failed = (await Promise.allSettled(rest)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}
