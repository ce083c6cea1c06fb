/** Where a cluster is, in the forms that clients take. */
import type { Address } from '../base/address.js';
import { joinHostPort } from '../base/host-port.js';
import type { Topology } from './options.js';

/** A cluster's addresses now. */
export interface Addresses {
  readonly topology: Topology;
  readonly sentinels: () => Address[];
  readonly master: () => Address;
}

/** `redis+sentinel://host:port,host:port/name/0`; without sentinels, the master's `redis://`. */
export function clusterUrl({ topology, sentinels, master }: Addresses): string {
  const password = topology.config['requirepass'];
  const user = password ? `:${encodeURIComponent(password)}@` : '';
  const all = sentinels();
  if (all.length === 0) return `redis://${user}${place(master())}/0`;
  return `redis+sentinel://${user}${all.map(place).join(',')}/${topology.name}/0`;
}

/** @returns options for other clients, to find the master through the sentinels. */
export function clientOptions({ topology, sentinels }: Addresses) {
  return {
    /** For `new Redis(…)` of ioredis. */
    ioredis: () => ({ sentinels: sentinels(), name: topology.name, ...passwordOf(topology) }),
    /** For `createSentinel(…)` of node-redis. */
    nodeRedis: () => ({
      sentinelRootNodes: sentinels(),
      name: topology.name,
      nodeClientOptions: passwordOf(topology),
    }),
  };
}

export function passwordOf({ config }: Topology): { password?: string } {
  const password = config['requirepass'];
  return password ? { password } : {};
}

const place = ({ host, port }: Address): string => joinHostPort(host, port);
