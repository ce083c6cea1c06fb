/** The files that the sentinels of a simulation begin with. */
import type { Address } from '../base/address.js';
import type { Prng } from '../base/prng.js';
import type { Group } from './group.js';
import type { WorldOptions } from './options.js';

/**
 * @param random - for run ids, if the sentinels know each other and all replicas from the start;
 * null: they know the masters, and find each other.
 */
export function sentinelFiles(
  options: WorldOptions,
  groups: readonly Group[],
  addresses: readonly Address[],
  random: Prng | null,
): string[] {
  const runids = random === null ? null : addresses.map(() => random.hex(40));
  return addresses.map((_, own) => {
    const lines = groups.flatMap((group) => [
      ...watch(group, options),
      ...(runids === null ? [] : known(group, addresses, runids, own)),
    ]);
    return [...(runids === null ? [] : [`sentinel myid ${runids[own]}`]), ...lines].join('\n');
  });
}

function watch({ name, nodes }: Group, options: WorldOptions): string[] {
  const { host, port } = nodes[0]!.address;
  return [
    `sentinel monitor ${name} ${host} ${port} ${options.quorum}`,
    `sentinel down-after-milliseconds ${name} ${options.downAfterMs}`,
    `sentinel failover-timeout ${name} ${options.failoverTimeoutMs}`,
    `sentinel parallel-syncs ${name} ${options.parallelSyncs}`,
  ];
}

function known(
  { name, nodes }: Group,
  addresses: readonly Address[],
  runids: readonly string[],
  own: number,
): string[] {
  const replicas = nodes.slice(1).map(({ address }) => address);
  const others = addresses.flatMap((address, index) =>
    index === own ? [] : [`${place(address)} ${runids[index]}`],
  );
  return [
    ...replicas.map((address) => `sentinel known-replica ${name} ${place(address)}`),
    ...others.map((other) => `sentinel known-sentinel ${name} ${other}`),
  ];
}

const place = ({ host, port }: Address): string => `${host} ${port}`;
