/** A cluster's actor system, and the start of its actors, each when what it is told is known. */
import type { Address } from '../base/address.js';
import type { SharedMemory } from '../base/shared-memory.js';
import { realClock } from '../io/clock.js';
import type { ActorSpec } from '../runtime/actor-record.js';
import { ActorSystem, type ActorSystemEvent } from '../runtime/actor-system.js';
import { heartbeatOf } from './heartbeat.js';
import { firstNode } from './node-folders.js';
import type { Topology } from './options.js';
import {
  type ActorSource,
  coordinatorSpec,
  hasCoordinator,
  nodeSpec,
  sentinelSpec,
} from './specs.js';

/** What an actor system asks of its cluster. */
interface SystemUser {
  readonly module: unknown;
  /** A node's memory, at the start of each of its lives. */
  createMemory(): SharedMemory | null;
  onEvent(event: ActorSystemEvent): void;
}

/** The actor system for a topology, with no actors yet. */
export function actorSystem(topology: Topology, user: SystemUser): ActorSystem {
  return new ActorSystem({
    clock: realClock,
    seed: topology.seed ?? Math.floor(Math.random() * 2 ** 32),
    heartbeatTimeoutMs: topology.heartbeatTimeoutMs,
    detection: topology.detection,
    group: topology.name,
    heartbeatMs: heartbeatOf(topology),
    ...user,
  });
}

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
    ...(hasCoordinator(topology) ? [coordinatorSpec(topology, from)] : []),
  ].map(start);
  // Settled, not raced: stopping half-started threads must find them all.
  const failed = (await Promise.allSettled(rest)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}
