/** What each of a cluster's actors is started with, from what the cluster was asked to be. */
import type { Address } from '../base/address.js';
import type { SocketPaths } from '../base/socket-paths.js';
import { bindWords } from '../io/bind-addresses.js';
import type { ActorSpec } from '../runtime/actor-record.js';
import { DEFAULT_CHILD_SPEC } from '../runtime/supervisor.js';
import type { ActorCode } from './actor-code.js';
import type { Topology } from './options.js';

/** MB of heap; a sentinel holds a few kilobytes of state. */
const SENTINEL_HEAP_MB = 64;

/** What actors run: their code, and how it reaches the system's sockets. */
export interface ActorSource {
  readonly code: ActorCode;
  readonly sockets: SocketPaths;
}

/** @param master - where node 0 listens; null: this is node 0. */
export function nodeSpec(
  topology: Topology,
  { code, sockets }: ActorSource,
  i: number,
  master: Address | null,
): ActorSpec {
  const { host, announceIp, port, config, fencing, heapMb } = topology;
  const password = config['requirepass'];
  const directives = password ? { masterauth: password, ...config } : config;
  const base = {
    host: announceIp,
    listenOn: bindWords(host),
    port: port === 0 ? 0 : port + i,
    directives,
    fencing,
    sockets,
  };
  return {
    ...spec(`node-${i}`, code.node, heapMb),
    kind: 'node',
    config: master === null ? base : { ...base, replicaOf: master },
  };
}

export function sentinelSpec(
  topology: Topology,
  { code }: ActorSource,
  i: number,
  master: Address,
): ActorSpec {
  const { host, announceIp, sentinelPort, name, quorum, config } = topology;
  const { downAfterMs, failoverTimeoutMs, parallelSyncs } = topology;
  const password = config['requirepass'];
  const auth = password ? { authPass: password } : {};
  return {
    ...spec(`sentinel-${i}`, code.sentinel, SENTINEL_HEAP_MB),
    kind: 'sentinel',
    config: {
      host: announceIp,
      listenOn: bindWords(host),
      port: sentinelPort === 0 ? 0 : sentinelPort + i,
      monitor: { name, ...master, quorum, ...auth },
      downAfterMs,
      failoverTimeoutMs,
      parallelSyncs,
    },
  };
}

function spec(id: string, entry: URL, heapMb: number): Omit<ActorSpec, 'kind' | 'config'> {
  return { id, entry, heapMb, child: DEFAULT_CHILD_SPEC, hasDisk: false };
}

/** Whether nodes with these directives give keys up when their memory is full. */
export function evicts(config: Readonly<Record<string, string>>): boolean {
  const policy = config['maxmemory-policy'] ?? 'noeviction';
  return (config['maxmemory'] ?? '0') !== '0' && policy !== 'noeviction';
}
