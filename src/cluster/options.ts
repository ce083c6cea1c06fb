/** What `Cluster.start` takes: checked, and completed with defaults. */
import { isIPv4 } from 'node:net';
import path from 'node:path';
import * as z from 'zod';

import { RingleaderError } from '../base/errors.js';
import { refusal } from '../base/refuse.js';
import { readSize } from '../base/quantity.js';
import { checkFits, defaultsOf, engineSchema } from './engine/choice.js';
import type { EngineChoice } from './engine/engine-choice.js';
import { parseServer, type ServerUrl } from './server-url.js';
import { announcedHost, isWildcard } from '../io/bind-addresses.js';
import { checkDirectives } from './directives.js';
import { majority, othersNeeded } from '../sentinel/quorum.js';
import { type Detection, DETECTIONS } from '../runtime/messages.js';

const port = z.int().min(0).max(65_535);
const ms = z.int().min(1);
const address = z.string().regex(/^[^\s"'[\]]+$/, 'an address, IPv6 without brackets');

const schema = z.strictObject({
  engine: engineSchema.default('threads'),
  replicas: z.int().min(0).max(16).default(2),
  sentinels: z.int().min(0).max(15).default(3),
  host: address.default('127.0.0.1'),
  announceIp: address
    .refine((text) => isIPv4(text) || !/^[\d.]+$/.test(text), 'an address of four numbers to 255')
    .optional(),
  port: port.default(0),
  sentinelPort: port.default(0),
  name: z
    .string()
    .regex(/^[A-Za-z0-9.\-_]+$/, 'only letters, digits and .-_')
    .default('mymaster'),
  quorum: z.int().min(1).optional(),
  downAfterMs: ms.default(1_000),
  failoverTimeoutMs: ms.default(10_000),
  parallelSyncs: z.int().min(1).default(1),
  replicaOf: z.string().min(1).optional(),
  watch: z
    .record(
      z.string().regex(/^[A-Za-z0-9.\-_]+$/, 'only letters, digits and .-_'),
      z.string().min(1),
    )
    .default({}),
  config: z
    .record(
      z.string().regex(/^[a-z0-9-]+$/, 'a directive is lower case'),
      z.union([z.string(), z.number(), z.boolean()]),
    )
    .default({}),
  dir: z.string().min(1).optional(),
  save: z.string().optional(),
  appendonly: z.boolean().optional(),
  maxmemory: z.union([z.int().min(1), z.string().min(1)]).optional(),
  fencing: z.boolean().default(true),
  strict: z.boolean().default(false),
  coordinator: z.boolean().default(true),
  detection: z.enum(DETECTIONS).default('event'),
  seed: z.int().optional(),
  heapMb: z.int().min(16).default(512),
  heartbeatTimeoutMs: ms.min(400).default(1_000),
  readyTimeoutMs: ms.default(10_000),
});

/**
 * What suits a cache: any key may go, and one that is used often stays, though not used just now.
 */
const CACHE_POLICY = 'allkeys-lfu';

/** Every field is optional. */
export interface ClusterOptions {
  /**
   * What runs the nodes and sentinels: `'threads'` of this process (default); `'processes'` of
   * ours; or the programs of real servers, `{ server: 'redis-server', sentinel: 'redis-sentinel'
   * }`, by name or path. What an engine cannot do it refuses with UNSUPPORTED.
   */
  readonly engine?: EngineChoice;
  /** Replicas beside the one master, 0 to 16; default 2. */
  readonly replicas?: number;
  /** 0 to 15; default 3. With none, no failover takes place. */
  readonly sentinels?: number;
  /** Address to listen on; default 127.0.0.1. `0.0.0.0`: all of IPv4; `*` or `::`: of IPv6 too. */
  readonly host?: string;
  /**
   * The address that nodes and sentinels say they have, where that is another than the one listened
   * on (a container's port mapping, NAT). Default: `host`; of a wildcard, the machine's own
   * address, or 127.0.0.1 while protected mode serves no other.
   */
  readonly announceIp?: string;
  /** Node i listens on this port + i; 0, the default: each on a free one. */
  readonly port?: number;
  /** Sentinel i listens on this port + i; 0, the default: each on a free one. */
  readonly sentinelPort?: number;
  /** What the sentinels call the group; default `mymaster`. */
  readonly name?: string;
  /** Sentinels that must agree that the master is down; default: the majority. */
  readonly quorum?: number;
  /** ms of silence until a sentinel believes that a node is down; default 1000. */
  readonly downAfterMs?: number;
  /** ms; default 10 000. */
  readonly failoverTimeoutMs?: number;
  /** Replicas that turn to a new master at the same time; default 1. */
  readonly parallelSyncs?: number;
  /**
   * `redis://[user:password@]host:port` (`rediss://`: over TLS): a master outside that the cluster
   * follows, read-only, until it is promoted (`promote()`). The first node replicates from it, the
   * others from that one.
   */
  readonly replicaOf?: string;
  /**
   * Masters outside that the sentinels watch as well, and fail over:
   * `redis://[user:password@]host:port` by the names that the sentinels give them. Other sentinels
   * that watch them, Redis' own too, form one quorum with the cluster's.
   */
  readonly watch?: Readonly<Record<string, string>>;
  /**
   * redis.conf directives for every node. One that is unknown, has no such value or would do
   * nothing here is refused by name.
   */
  readonly config?: Readonly<Record<string, string | number | boolean>>;
  /**
   * A folder for the data, made if it is missing; each node has one of its own in it, `node-0`,
   * `node-1`… At the next start the node whose data are the newest is master. Default: the data
   * are in memory only, and gone with the process. Of a folder that another cluster of the machine
   * uses, this one is refused.
   */
  readonly dir?: string;
  /**
   * With `dir`: when nodes save by themselves, as redis.conf has it (`'3600 1 300 100'`; `''`:
   * never); default: as Redis. Where there are save points they also save when the cluster stops.
   */
  readonly save?: string;
  /** With `dir`: whether every write goes into an append-only file; default false. */
  readonly appendonly?: boolean;
  /**
   * Memory for each node's data, bytes or a size ('256mb', '1.5gb'). When it is full, the keys used
   * least go, whether they have an expiry or not; `maxmemory-policy` in `config` says otherwise.
   */
  readonly maxmemory?: number | string;
  /** Whether a promotion fences the old master's memory; default true. False: as on a network. */
  readonly fencing?: boolean;
  /**
   * Whether replies about data wait until a majority of the nodes, the master counted, holds it: no
   * failover loses an acknowledged write then, across partitions neither, and reads of the master
   * are linearizable. A master without such a majority refuses data with NOREPLICAS. Default false.
   */
  readonly strict?: boolean;
  /**
   * Whether what sentinels ask and answer goes through a coordinator, a thread of its own that
   * keeps the log of elections (event `election`); default true, where there are two sentinels or
   * more. False: over a wire from each to each.
   */
  readonly coordinator?: boolean;
  /**
   * How sentinels find out that a thread has ended: 'event' (default), at once; 'down-after', by
   * its silence, as in production. What a user waits for a failover is tested with 'down-after'.
   */
  readonly detection?: Detection;
  /** Of the cluster's own randomness (backoff, run ids, elections' delays); default: random. */
  readonly seed?: number;
  /** MB of JavaScript heap per node; strings and backlog live outside it. Default 512. */
  readonly heapMb?: number;
  /** ms until a thread whose event loop stands still is reported, at least 400; default 1000. */
  readonly heartbeatTimeoutMs?: number;
  /** ms within which all must agree; default 10 000. */
  readonly readyTimeoutMs?: number;
}

/** The options, complete and consistent. */
export interface Topology extends Required<
  Omit<
    ClusterOptions,
    'config' | 'seed' | 'maxmemory' | 'replicaOf' | 'watch' | 'dir' | 'save' | 'appendonly'
  >
> {
  /** Where the nodes' folders are, from the root; null: the data are in memory only. */
  readonly dir: string | null;
  /** The master outside; null: the first node is master. */
  readonly replicaOf: ServerUrl | null;
  /** Masters outside, by the sentinels' names for them. */
  readonly watch: ReadonlyMap<string, ServerUrl>;
  /** `announceIp` was given: it is another address than the one that connections come from. */
  readonly isAnnounced: boolean;
  /** Only connections over loopback are served. */
  readonly isProtected: boolean;
  /** Directives as they stand in redis.conf. */
  readonly config: Readonly<Record<string, string>>;
  readonly seed: number | null;
}

/** @throws RingleaderError CONFIG_INVALID, naming the field, the rule and the value. */
export function parseOptions(options: unknown): Topology {
  const parsed = schema.safeParse(options);
  if (!parsed.success) throw invalid(parsed.error, options);
  checkFits(parsed.data.engine, Object(options));
  const { replicas, sentinels, config: given, maxmemory, ...more } = parsed.data;
  const { dir: folder, save, appendonly, ...rest } = more;
  const dir = folder === undefined ? null : path.resolve(folder);
  const config = {
    ...(maxmemory === undefined ? {} : { 'maxmemory-policy': CACHE_POLICY }),
    ...given,
    ...(maxmemory === undefined ? {} : { maxmemory: bytesOf(maxmemory) }),
    ...keeping(dir, { save, appendonly }),
  };
  if (rest.quorum !== undefined && rest.quorum > sentinels) {
    throw refusal('quorum', `at most the number of sentinels, ${sentinels}`, rest.quorum);
  }
  if (rest.strict) checkStrict(replicas, rest.replicaOf);
  checkPorts('port', rest.port, replicas + 1);
  checkPorts('sentinelPort', rest.sentinelPort, sentinels);
  const nodesEnd = rest.port + replicas;
  const meet = rest.sentinelPort <= nodesEnd && rest.port < rest.sentinelPort + sentinels;
  if (rest.port > 0 && rest.sentinelPort > 0 && meet) {
    throw refusal(
      'sentinelPort',
      `outside the nodes' ${rest.port} to ${nodesEnd}`,
      rest.sentinelPort,
    );
  }
  const directives = Object.fromEntries(
    Object.entries(config).map(([name, value]) => [name, directive(value)]),
  );
  checkDirectives(directives, dir !== null);
  const isProtected = !directives['requirepass'] && directives['protected-mode'] !== 'no';
  const announceIp = rest.announceIp ?? announcedHost(rest.host, isProtected);
  if (isWildcard(announceIp)) throw refusal('announceIp', 'one address, not all', announceIp);
  return {
    ...rest,
    ...defaultsOf(rest.engine, Object(options)),
    dir,
    announceIp,
    isAnnounced: rest.announceIp !== undefined,
    replicaOf: rest.replicaOf === undefined ? null : parseServer('replicaOf', rest.replicaOf),
    watch: watched(rest),
    isProtected,
    replicas,
    sentinels,
    quorum: rest.quorum ?? majority(sentinels),
    // A strict master serves none before a majority has turned to it.
    parallelSyncs: rest.strict
      ? Math.max(rest.parallelSyncs, othersNeeded(replicas + 1))
      : rest.parallelSyncs,
    config: directives,
    seed: rest.seed ?? null,
  };
}

function checkStrict(replicas: number, replicaOf: string | undefined): void {
  if (replicas === 0) throw refusal('strict', 'with a replica or more', true);
  if (replicaOf !== undefined) throw refusal('strict', 'without `replicaOf`', true);
}

function watched({
  name,
  watch,
}: {
  readonly name: string;
  readonly watch: Readonly<Record<string, string>>;
}): ReadonlyMap<string, ServerUrl> {
  const entries = Object.entries(watch).map(([group, url]) => {
    if (group === name) throw refusal('watch', "another name than the cluster's own", group);
    const server = parseServer(`watch.${group}`, url);
    if (server.tls) throw refusal(`watch.${group}`, 'a server without TLS', server.label);
    return [group, server] as const;
  });
  return new Map(entries);
}

function bytesOf(maxmemory: number | string): number {
  return typeof maxmemory === 'number' ? maxmemory : Math.floor(readSize('maxmemory', maxmemory));
}

/** What `save` and `appendonly` come to; without a folder nothing can be kept. */
function keeping(
  dir: string | null,
  options: { readonly save: string | undefined; readonly appendonly: boolean | undefined },
): Readonly<Record<string, string | boolean>> {
  const given: Record<string, string | boolean> = {};
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const isNothing = value === '' || value === false;
    if (dir === null && !isNothing) throw refusal(name, 'nothing without `dir`', value);
    given[name] = value;
  }
  return given;
}

function checkPorts(field: string, first: number, count: number): void {
  const last = first + count - 1;
  if (first > 0 && last > 65_535) throw refusal(field, `at most ${65_535 - count + 1}`, first);
}

function directive(value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return String(value);
}

function invalid(error: z.ZodError, options: unknown): RingleaderError {
  const issue = error.issues[0];
  if (issue?.code === 'unrecognized_keys') {
    return new RingleaderError('CONFIG_INVALID', `there is no option ${issue.keys.join(', ')}`);
  }
  if (issue?.code === 'invalid_key') {
    const field = issue.path.slice(0, -1).map(String).join('.');
    return refusal(`${field}, a name in it`, issue.issues[0]?.message ?? '', issue.path.at(-1));
  }
  const field = issue?.path.map(String).join('.') || 'options';
  let value: unknown = options;
  for (const key of issue?.path ?? []) value = Object(value)[key];
  return refusal(field, issue?.message ?? 'not as it should be', value);
}
