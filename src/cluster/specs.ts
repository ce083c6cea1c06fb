/** What each of a cluster's actors is started with, from what the cluster was asked to be. */
import type { Address } from '../base/address.js';
import type { SocketPaths } from '../base/socket-paths.js';
import { bindWords } from '../io/bind-addresses.js';
import type { ActorSpec } from '../runtime/actor-record.js';
import type { MonitorConfig } from '../runtime/messages.js';
import { DEFAULT_CHILD_SPEC } from '../runtime/supervisor.js';
import { othersNeeded } from '../sentinel/quorum.js';
import type { ActorCode } from './actor-code.js';
import { nodeFolder } from './node-folders.js';
import type { Topology } from './options.js';
import type { ServerUrl } from './server-url.js';

/** MB of heap; a sentinel holds a few kilobytes of state. */
const SENTINEL_HEAP_MB = 64;
/** Likewise; its log is bounded. */
const COORDINATOR_HEAP_MB = 32;

export const COORDINATOR_ID = 'coordinator';

/** What actors run: their code, and how it reaches the system's sockets. */
export interface ActorSource {
  readonly code: ActorCode;
  readonly sockets: SocketPaths;
  /** The nodes' promises, in a strict cluster; null: it is none. */
  readonly ballots: SharedArrayBuffer | null;
}

/** @param master - where the first node listens; null: this is the first. */
export function nodeSpec(
  topology: Topology,
  { code, sockets, ballots }: ActorSource,
  i: number,
  master: Address | null,
): ActorSpec {
  const { host, announceIp, port, replicaOf, fencing, heapMb } = topology;
  const isHead = master === null && replicaOf !== null;
  const base = {
    host: announceIp,
    listenOn: bindWords(host),
    port: port === 0 ? 0 : port + i,
    directives: {
      ...(isHead ? headDirectives(topology, replicaOf) : nodeDirectives(topology)),
      ...(topology.dir === null ? {} : { dir: nodeFolder(topology.dir, i) }),
    },
    fencing,
    sockets,
    hasDisk: topology.dir !== null,
    notesHistory: true,
    ...(ballots === null ? {} : { strict: { ballots, ...strictMajority(topology) } }),
  };
  const followed = isHead ? { host: replicaOf.host, port: replicaOf.port } : master;
  return {
    ...spec(`node-${i}`, code.node, heapMb),
    // With sentinels, a replica that has all the writes takes over from a master that has died,
    // whose file may lack the last of them. Without, the file is all there is to go on with.
    hasDisk: topology.dir !== null && topology.sentinels === 0,
    kind: 'node',
    config: followed === null ? base : { ...base, replicaOf: followed },
  };
}

/** Replicas that make a majority of the nodes with their master. */
function strictMajority({ replicas }: Topology): { acks: number; votes: number } {
  const needed = othersNeeded(replicas + 1);
  return { acks: needed, votes: needed };
}

/** Nodes ask each other, and outside masters, with the password that they ask for. */
function nodeDirectives(topology: Topology): Record<string, string> {
  const { config, isAnnounced, announceIp, strict } = topology;
  const password = config['requirepass'];
  return {
    ...(strict ? { strict: 'yes' } : {}),
    ...(isAnnounced ? { 'replica-announce-ip': announceIp } : {}),
    ...(password ? { masterauth: password } : {}),
    ...config,
  };
}

/** The outside master's URL says how it is asked. */
function headDirectives(topology: Topology, { tls, auth }: ServerUrl): Record<string, string> {
  const { masterauth: _, ...directives } = nodeDirectives(topology);
  const { masterauth: given } = topology.config;
  const [password] = auth.slice(-1);
  return {
    ...directives,
    ...(given === undefined ? {} : { masterauth: given }),
    ...(password === undefined ? {} : { masterauth: password }),
    ...(auth.length === 2 ? { masteruser: auth[0]! } : {}),
    ...(tls ? { 'tls-replication': 'yes' } : {}),
  };
}

/** @param master - whom to watch; null: none yet. */
export function sentinelSpec(
  topology: Topology,
  { code }: ActorSource,
  i: number,
  master: Address | null,
): ActorSpec {
  const { host, announceIp, sentinelPort } = topology;
  const { downAfterMs, failoverTimeoutMs, parallelSyncs } = topology;
  return {
    ...spec(`sentinel-${i}`, code.sentinel, SENTINEL_HEAP_MB),
    kind: 'sentinel',
    config: {
      host: announceIp,
      listenOn: bindWords(host),
      port: sentinelPort === 0 ? 0 : sentinelPort + i,
      monitor: master === null ? null : monitorOf(topology, master),
      watch: [...topology.watch].map(([name, server]) => watchOf(topology, name, server)),
      downAfterMs,
      failoverTimeoutMs,
      parallelSyncs,
    },
  };
}

/** With a single sentinel there is nothing to carry. */
export function hasCoordinator({ coordinator, sentinels }: Topology): boolean {
  return coordinator && sentinels > 1;
}

export function coordinatorSpec({ host }: Topology, { code }: ActorSource): ActorSpec {
  return {
    ...spec(COORDINATOR_ID, code.coordinator, COORDINATOR_HEAP_MB),
    kind: 'coordinator',
    config: { host, port: 0 },
  };
}

function monitorOf({ name, quorum, config }: Topology, { host, port }: Address): MonitorConfig {
  const password = config['requirepass'];
  return { name, host, port, quorum, ...(password ? { authPass: password } : {}) };
}

function watchOf({ quorum }: Topology, name: string, server: ServerUrl): MonitorConfig {
  const { host, port, auth } = server;
  const [user, password] = auth.length === 2 ? auth : [undefined, ...auth];
  return {
    name,
    host,
    port,
    quorum,
    ...(password === undefined ? {} : { authPass: password }),
    ...(user === undefined ? {} : { authUser: user }),
  };
}

/** The commands by which a sentinel that watches nothing comes to watch this master. */
export function monitorCommands(topology: Topology, master: Address): readonly string[][] {
  const { name, host, port, quorum, authPass } = monitorOf(topology, master);
  const set = (option: string, value: string): string[] => ['SENTINEL', 'SET', name, option, value];
  return [
    ['SENTINEL', 'MONITOR', name, host, `${port}`, `${quorum}`],
    set('down-after-milliseconds', `${topology.downAfterMs}`),
    set('failover-timeout', `${topology.failoverTimeoutMs}`),
    set('parallel-syncs', `${topology.parallelSyncs}`),
    ...(authPass === undefined ? [] : [set('auth-pass', authPass)]),
  ];
}

function spec(id: string, entry: URL, heapMb: number): Omit<ActorSpec, 'kind' | 'config'> {
  return { id, entry, heapMb, child: DEFAULT_CHILD_SPEC, hasDisk: false };
}

/** Whether nodes with these directives give keys up when their memory is full. */
export function evicts(config: Readonly<Record<string, string>>): boolean {
  const policy = config['maxmemory-policy'] ?? 'noeviction';
  return (config['maxmemory'] ?? '0') !== '0' && policy !== 'noeviction';
}
