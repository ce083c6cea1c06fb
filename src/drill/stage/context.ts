/** What a drill gives to the client code that it tries: where the cluster is, and ears for it. */
import type { Address } from '../../base/address.js';
import { joinHostPort } from '../../base/host-port.js';
import type { Cluster } from '../../cluster/cluster.js';
import type { FaultProxies } from './fault-proxies.js';

/** Where a client finds the cluster; every address is a proxy's. */
export interface DrillTarget {
  /** `redis://…` of the present master, for clients that know no sentinels. */
  readonly url: string;
  /** `redis+sentinel://host:port,…/name/0`. */
  readonly sentinelUrl: string;
  readonly sentinels: readonly Address[];
  /** What the sentinels call the group. */
  readonly name: string;
  readonly options: {
    /** For `new Redis(…)` of ioredis. */
    ioredis(): SentinelOptions;
    /** For `new Redis(…)` of iovalkey. */
    iovalkey(): SentinelOptions;
    /** For `createSentinel(…)` of node-redis. */
    nodeRedis(): NodeRedisSentinelOptions;
  };
  /** The same as environment variables, for a process of its own. */
  readonly env: Readonly<Record<string, string>>;
}

export interface SentinelOptions {
  sentinels: { host: string; port: number }[];
  name: string;
  password?: string;
}

export interface NodeRedisSentinelOptions {
  sentinelRootNodes: { host: string; port: number }[];
  name: string;
  nodeClientOptions: { password?: string };
}

/** The argument of the client code. */
export interface DrillContext extends DrillTarget {
  /** Aborted when the drill is over: stop then. */
  readonly signal: AbortSignal;
  /**
   * Report a write: it counts as acknowledged when the promise is fulfilled.
   *
   * @param id - for people, in the timeline.
   */
  write<Result>(id: string | number, work: () => Promise<Result>): Promise<Result>;
  /** Report a read. */
  read<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Report an error that is no operation's: an `error` event, a line on stderr. */
  error(error: unknown): void;
  /** Called when the drill is over, even if the client code hangs: disconnect there. */
  onEnd(close: () => unknown): void;
}

export function drillTarget(cluster: Cluster, proxies: FaultProxies): DrillTarget {
  const { name, config } = cluster.topology;
  const { host, port } = proxies.of(cluster.masterId).address;
  const sentinels = proxies.sentinels();
  const given = config['requirepass'];
  const password = given ? { password: given } : {};
  const user = given ? `:${encodeURIComponent(given)}@` : '';
  const list = sentinels.map((each) => joinHostPort(each.host, each.port)).join(',');
  const url = `redis://${user}${joinHostPort(host, port)}/0`;
  const sentinelUrl = `redis+sentinel://${user}${list}/${name}/0`;
  const copies = (): { host: string; port: number }[] =>
    sentinels.map((address) => ({ ...address }));
  return {
    url,
    sentinelUrl,
    sentinels,
    name,
    options: {
      ioredis: () => ({ sentinels: copies(), name, ...password }),
      iovalkey: () => ({ sentinels: copies(), name, ...password }),
      nodeRedis: () => ({ sentinelRootNodes: copies(), name, nodeClientOptions: password }),
    },
    env: {
      REDIS_URL: url,
      REDIS_HOST: host,
      REDIS_PORT: String(port),
      ...(given ? { REDIS_PASSWORD: given } : {}),
      REDIS_SENTINELS: list,
      REDIS_SENTINEL_NAME: name,
      REDIS_SENTINEL_URL: sentinelUrl,
    },
  };
}
