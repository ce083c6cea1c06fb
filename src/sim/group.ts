/**
 * One master's group in a simulation: its nodes, and what the sentinels make of it. All sentinels
 * of a world watch all of its groups, so the elections of these share one epoch.
 */
import type { Address } from '../base/address.js';
import { currentMasterAddress, inFailover } from '../sentinel/state.js';
import type { StreamChecks } from './checks/streams.js';
import { GROUP } from './options.js';
import type { SimNode } from './sim-node.js';
import type { SimSentinel } from './sim-sentinel.js';

/** What the sentinels call the master of the group with this number. */
export const groupName = (index: number): string => (index === 0 ? GROUP : `${GROUP}-${index}`);

/** What a group needs of the world that it is in. */
export interface GroupWorld {
  readonly sentinels: readonly SimSentinel[];
  readonly streams: StreamChecks;
  nodeAt(address: Address): SimNode | undefined;
}

export class Group {
  readonly name: string;
  readonly nodes: readonly SimNode[];
  readonly #world: GroupWorld;

  constructor(world: GroupWorld, index: number, nodes: readonly SimNode[]) {
    this.name = groupName(index);
    this.nodes = nodes;
    this.#world = world;
  }

  /** The node that all sentinels name; undefined: there is none. */
  agreedMaster(): SimNode | undefined {
    const master = this.#world.sentinels[0]?.watched(this.name);
    return master === undefined ? undefined : this.#world.nodeAt(currentMasterAddress(master));
  }

  /**
   * @returns null when all agree on one working master that all nodes follow; else what is wrong.
   */
  disagreement(): string | null {
    const master = this.agreedMaster();
    if (master === undefined) return `sentinel-0 names no node for ${this.name}`;
    for (const host of this.#world.sentinels) {
      const { id, state } = host;
      const seen = host.watched(this.name);
      if (seen === undefined || state === null) return `${id} is down`;
      const named = this.#world.nodeAt(currentMasterAddress(seen));
      if (named !== master) return `${id} says ${named?.id}, sentinel-0 says ${master.id}`;
      if (inFailover(seen)) return `${id} is in ${seen.failoverState}`;
      if (seen.sdown) return `${id} has the master sdown`;
      if (state.tiltSince !== null) return `${id} is in tilt`;
    }
    for (const node of this.nodes) {
      const problem = problemOf(node, master);
      if (problem !== null) return `${node.id} ${problem}`;
    }
    return null;
  }

  /** Whether every sentinel knows all others and all replicas. */
  get isAcquainted(): boolean {
    const { sentinels } = this.#world;
    return sentinels.every((host) => {
      const master = host.watched(this.name);
      return (
        master !== undefined &&
        master.sentinels.size === sentinels.length - 1 &&
        master.replicas.size === this.nodes.length - 1
      );
    });
  }

  /** @returns null: all nodes have the master's data; else who has not. */
  difference(): string | null {
    const master = this.agreedMaster();
    if (master?.actor === undefined || master.actor === null) return 'there is no master';
    const { contents } = this.#world.streams;
    const data = contents.of(master);
    for (const node of this.nodes) {
      const own = contents.of(node);
      if (own !== data) return `${node.id} has ${own}, master ${data}`;
    }
    return null;
  }
}

function problemOf({ actor, isMaster }: SimNode, master: SimNode): string | null {
  if (actor === null) return 'is down';
  const { replicator } = actor;
  if (actor === master.actor) return isMaster ? null : 'should be master';
  if (isMaster) return 'is a second master';
  const followed = replicator.master();
  if (followed?.port !== master.address.port) return `follows ${followed?.port}`;
  return replicator.isStale() ? 'has no link to its master' : null;
}

/** @returns what is wrong with the first group of which something is; null: nothing is. */
export function firstProblem(
  groups: readonly Group[],
  look: (group: Group) => string | null,
): string | null {
  for (const group of groups) {
    const problem = look(group);
    if (problem !== null) return problem;
  }
  return null;
}
