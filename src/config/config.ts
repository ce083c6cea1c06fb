/**
 * A node's configuration: the directives of redis.conf as typed cells, `config.port.value`.
 *
 * The fields below are the directives that do something here. The others that Redis 7.0 knows
 * (`inert.ts`) are shown by CONFIG GET; of those some take any value, which is of no consequence,
 * the others nothing but their default, at the start as by CONFIG SET.
 *
 * @see redis/redis 7.0 src/config.c, static_configs
 */
import type { Address } from '../base/address.js';
import { Glob } from '../base/glob.js';
import { CollectionLimits } from './collection-limits.js';
import { inertSettings } from './inert.js';
import {
  anyText,
  choice,
  fileName,
  integer,
  list,
  memory,
  memoryOrPercent,
  octal,
  text,
  yesNo,
} from './kinds.js';
import { type Mutability, Setting, type SettingOptions } from './setting.js';
import {
  keyspaceEvents,
  masterAddress,
  type OutputLimits,
  outputLimits,
  percentiles,
  type SavePoint,
  savePoints,
  shutdownWords,
} from './special.js';

const INT_MAX = 2 ** 31 - 1;
const LONG_MAX = 2 ** 63;
const MB = 1024 * 1024;
/**
 * Each has an index of its own in the node's memory and tables beside it: more would never come up.
 */
const MOST_DATABASES = 1_000_000;
/** Of the 4 GiB that a node can have, at least one is left for its data. */
const MOST_BACKLOG = 3 * 1024 * MB;

const start: SettingOptions = { mutability: 'immutable' };
const file: SettingOptions = { isVolatile: true };

const DEFAULT_OUTPUT_LIMITS: OutputLimits = {
  normal: { hardBytes: 0, softBytes: 0, softSeconds: 0 },
  replica: { hardBytes: 256 * MB, softBytes: 64 * MB, softSeconds: 60 },
  pubsub: { hardBytes: 32 * MB, softBytes: 8 * MB, softSeconds: 60 },
};

const DEFAULT_SAVE_POINTS: readonly SavePoint[] = [
  { seconds: 3600, changes: 1 },
  { seconds: 300, changes: 100 },
  { seconds: 60, changes: 10_000 },
];

/** A `user` directive. */
export interface ConfiguredUser {
  /** The name, and the rules. */
  readonly words: readonly string[];
  readonly line: string;
}

/** A `rename-command` directive. */
export interface RenamedCommand {
  readonly from: string;
  /** '': it cannot be called. */
  readonly to: string;
  readonly line: string;
}

export type ProtectedAction = 'no' | 'yes' | 'local';
const EVICTION_POLICIES = [
  'volatile-lru',
  'volatile-lfu',
  'volatile-random',
  'volatile-ttl',
  'allkeys-lru',
  'allkeys-lfu',
  'allkeys-random',
  'noeviction',
] as const;

export class Config {
  // Network.
  readonly port = new Setting('port', integer(0, 65535), 6379);
  readonly bind = new Setting<readonly string[]>(
    'bind',
    list(16, 'Too many bind addresses specified.'),
    ['*', '-::*'],
  );
  /** A socket in the file system to listen on as well; '': none. */
  readonly unixsocket = new Setting('unixsocket', text, '', start);
  /** Its permissions; 0: as they come. */
  readonly unixsocketperm = new Setting('unixsocketperm', octal, 0, start);
  readonly tcpBacklog = new Setting('tcp-backlog', integer(0, INT_MAX), 511, start);
  /** Seconds between probes of idle connections; 0: none. */
  readonly tcpKeepalive = new Setting('tcp-keepalive', integer(0, INT_MAX), 300);
  /** Seconds after which an idle client is dropped; 0: never. */
  readonly timeout = new Setting('timeout', integer(0, INT_MAX), 0);
  readonly maxclients = new Setting('maxclients', integer(1, 2 ** 32 - 1), 10_000);
  readonly protectedMode = new Setting('protected-mode', yesNo, true);

  // Clients.
  // Users. Those that the file declares, in its order, for whoever knows what rules mean.
  readonly users: ConfiguredUser[] = [];
  /** Commands that are called by other names, for whoever knows what commands there are. */
  readonly renamedCommands: RenamedCommand[] = [];
  readonly aclfile = new Setting('aclfile', text, '', start);
  readonly aclPubsubDefault = new Setting(
    'acl-pubsub-default',
    choice('allchannels', 'resetchannels'),
    'resetchannels',
  );
  readonly acllogMaxLen = new Setting('acllog-max-len', integer(0, LONG_MAX), 128);
  /** The default user's password; '': it needs none. */
  readonly requirepass = new Setting('requirepass', text, '');
  readonly clientOutputBufferLimit = new Setting(
    'client-output-buffer-limit',
    outputLimits,
    DEFAULT_OUTPUT_LIMITS,
  );
  /** Bytes of unparsed input that a client may pile up. */
  readonly clientQueryBufferLimit = new Setting(
    'client-query-buffer-limit',
    memory(MB, LONG_MAX),
    1024 * MB,
  );
  /** Bytes that all clients may keep together; negative: percent of maxmemory; 0: no limit. */
  readonly maxmemoryClients = new Setting('maxmemory-clients', memoryOrPercent, 0);
  /** Keys remembered for clients that track what they read; 0: no limit. */
  readonly trackingTableMaxKeys = new Setting(
    'tracking-table-max-keys',
    integer(0, LONG_MAX),
    1_000_000,
  );
  readonly protoMaxBulkLen = new Setting('proto-max-bulk-len', memory(MB, LONG_MAX), 512 * MB);

  // General.
  readonly databases = new Setting('databases', integer(1, MOST_DATABASES), 16, start);
  readonly dir = new Setting('dir', text, '.', {
    mutability: 'protected',
    isFixedWhileLoading: true,
  });
  readonly logfile = new Setting('logfile', anyText, '', start);
  readonly loglevel = new Setting(
    'loglevel',
    choice('debug', 'verbose', 'notice', 'warning'),
    'notice',
  );
  /** Where the process id is written; '': nowhere. */
  readonly pidfile = new Setting('pidfile', text, '', start);
  readonly enableDebugCommand = new Setting<ProtectedAction>(
    'enable-debug-command',
    choice('no', 'yes', 'local'),
    'no',
    start,
  );
  readonly enableModuleCommand = new Setting<ProtectedAction>(
    'enable-module-command',
    choice('no', 'yes', 'local'),
    'no',
    start,
  );
  readonly enableProtectedConfigs = new Setting<ProtectedAction>(
    'enable-protected-configs',
    choice('no', 'yes', 'local'),
    'no',
    start,
  );

  // Latency.
  /** µs; negative: none, 0: every command. */
  readonly slowlogLogSlowerThan = new Setting(
    'slowlog-log-slower-than',
    integer(-1, LONG_MAX),
    10_000,
  );
  readonly slowlogMaxLen = new Setting('slowlog-max-len', integer(0, LONG_MAX), 128);
  /** Ms; 0: the monitor is off. */
  readonly latencyMonitorThreshold = new Setting(
    'latency-monitor-threshold',
    integer(0, LONG_MAX),
    0,
  );
  readonly latencyTracking = new Setting('latency-tracking', yesNo, true);
  readonly latencyTrackingInfoPercentiles = new Setting<readonly number[]>(
    'latency-tracking-info-percentiles',
    percentiles,
    [50, 99, 99.9],
  );

  /** Ms that a script may run before others are answered; 0: none ever are. */
  readonly busyReplyThreshold = new Setting('busy-reply-threshold', integer(0, LONG_MAX), 5000, {
    aliases: ['lua-time-limit'],
  });

  /** Letters of events and their classes; '': none. */
  readonly notifyKeyspaceEvents = new Setting('notify-keyspace-events', keyspaceEvents, '');

  // Memory. Bytes; 0: as much as the core can address.
  readonly maxmemory = new Setting('maxmemory', memory(0, 2 ** 64), 0);
  readonly maxmemoryPolicy = new Setting(
    'maxmemory-policy',
    choice(...EVICTION_POLICIES),
    'noeviction',
  );
  /** Keys drawn for each choice of one to evict; the core draws 64 at the most. */
  readonly maxmemorySamples = new Setting('maxmemory-samples', integer(1, INT_MAX), 5);
  /** How long evictions may hold a command up: 10 is 500 µs, 100 without end. */
  readonly maxmemoryEvictionTenacity = new Setting(
    'maxmemory-eviction-tenacity',
    integer(0, 100),
    10,
  );
  readonly lfuLogFactor = new Setting('lfu-log-factor', integer(0, INT_MAX), 10);
  /** Minutes. */
  readonly lfuDecayTime = new Setting('lfu-decay-time', integer(0, INT_MAX), 1);
  /** Bytes beyond which a HyperLogLog is dense. */
  readonly hllSparseMaxBytes = new Setting('hll-sparse-max-bytes', memory(0, LONG_MAX), 3000);
  readonly activeExpireEffort = new Setting('active-expire-effort', integer(1, 10), 1);
  readonly lazyfreeLazyEviction = new Setting('lazyfree-lazy-eviction', yesNo, false);
  readonly lazyfreeLazyExpire = new Setting('lazyfree-lazy-expire', yesNo, false);
  readonly lazyfreeLazyUserFlush = new Setting('lazyfree-lazy-user-flush', yesNo, false);
  readonly activedefrag = new Setting('activedefrag', yesNo, false);
  /** Percent of the time, at the lower and from the upper threshold of waste, percent of use. */
  readonly activeDefragCycleMin = new Setting('active-defrag-cycle-min', integer(1, 99), 1);
  readonly activeDefragCycleMax = new Setting('active-defrag-cycle-max', integer(1, 99), 25);
  readonly activeDefragThresholdLower = new Setting(
    'active-defrag-threshold-lower',
    integer(0, 1000),
    10,
  );
  readonly activeDefragThresholdUpper = new Setting(
    'active-defrag-threshold-upper',
    integer(0, 1000),
    100,
  );
  readonly activeDefragIgnoreBytes = new Setting(
    'active-defrag-ignore-bytes',
    memory(1, LONG_MAX),
    100 * MB,
  );

  // For tests: how long it takes to write a key, µs; negative: a µs for so many keys.
  readonly rdbKeySaveDelay = new Setting('rdb-key-save-delay', integer(-(2 ** 31), INT_MAX), 0, {
    hidden: true,
  });
  // The same to load it; and how many bytes of a file are loaded before clients are heard, unless
  // that is more than are loaded at once anyway.
  readonly keyLoadDelay = new Setting('key-load-delay', integer(-(2 ** 31), INT_MAX), 0, {
    hidden: true,
  });
  readonly loadingProcessEventsIntervalBytes = new Setting(
    'loading-process-events-interval-bytes',
    memory(1024, INT_MAX),
    2 * MB,
    { hidden: true },
  );

  // What is kept on disk, and how the end is.
  readonly save = new Setting<readonly SavePoint[]>('save', savePoints, DEFAULT_SAVE_POINTS);
  readonly dbfilename = new Setting(
    'dbfilename',
    fileName("dbfilename can't be a path, just a filename"),
    'dump.rdb',
    { mutability: 'protected' },
  );
  /** Of strings in files: LZF, where that makes them shorter. */
  readonly rdbcompression = new Setting('rdbcompression', yesNo, true);
  readonly rdbchecksum = new Setting('rdbchecksum', yesNo, true, start);
  readonly rdbSaveIncrementalFsync = new Setting('rdb-save-incremental-fsync', yesNo, true);
  readonly stopWritesOnBgsaveError = new Setting('stop-writes-on-bgsave-error', yesNo, true);
  /** Seconds that the end is put off for replicas that are behind; 0: it is not. */
  readonly shutdownTimeout = new Setting('shutdown-timeout', integer(0, INT_MAX), 10);
  /** Words of SHUTDOWN; `default` is none of them. */
  readonly shutdownOnSigint = new Setting('shutdown-on-sigint', shutdownWords, ['default']);
  readonly shutdownOnSigterm = new Setting('shutdown-on-sigterm', shutdownWords, ['default']);

  // The append-only file.
  readonly appendonly = new Setting('appendonly', yesNo, false, { isFixedWhileLoading: true });
  readonly appendfilename = new Setting(
    'appendfilename',
    fileName("appendfilename can't be a path, just a filename"),
    'appendonly.aof',
    start,
  );
  readonly appenddirname = new Setting(
    'appenddirname',
    fileName("appenddirname can't be a path, just a dirname"),
    'appendonlydir',
    start,
  );
  readonly appendfsync = new Setting('appendfsync', choice('everysec', 'always', 'no'), 'everysec');
  readonly noAppendfsyncOnRewrite = new Setting('no-appendfsync-on-rewrite', yesNo, false);
  /** Growth in percent after which the file is written anew; 0: never. */
  readonly autoAofRewritePercentage = new Setting(
    'auto-aof-rewrite-percentage',
    integer(0, INT_MAX),
    100,
  );
  readonly autoAofRewriteMinSize = new Setting(
    'auto-aof-rewrite-min-size',
    memory(0, LONG_MAX),
    64 * MB,
  );
  readonly aofLoadTruncated = new Setting('aof-load-truncated', yesNo, true);
  readonly aofUseRdbPreamble = new Setting('aof-use-rdb-preamble', yesNo, true);
  readonly aofTimestampEnabled = new Setting('aof-timestamp-enabled', yesNo, false);
  readonly aofRewriteIncrementalFsync = new Setting('aof-rewrite-incremental-fsync', yesNo, true);
  readonly aofDisableAutoGc = new Setting('aof-disable-auto-gc', yesNo, false);
  readonly replicaIgnoreDiskWriteErrors = new Setting(
    'replica-ignore-disk-write-errors',
    yesNo,
    false,
  );

  // TLS, of clients and replicas, and of masters outside. '': any address; none; those that Node
  // trusts; what Node offers.
  readonly tlsPort = new Setting('tls-port', integer(0, 65535), 0);
  /** Whether a client must show a certificate that the authority has signed. */
  readonly tlsAuthClients = new Setting('tls-auth-clients', choice('no', 'yes', 'optional'), 'yes');
  readonly tlsPreferServerCiphers = new Setting('tls-prefer-server-ciphers', yesNo, false);
  readonly bindSourceAddr = new Setting('bind-source-addr', text, '');
  /** MIGRATE. */
  readonly tlsCluster = new Setting('tls-cluster', yesNo, false);
  readonly tlsReplication = new Setting('tls-replication', yesNo, false);
  readonly tlsCaCertFile = new Setting('tls-ca-cert-file', text, '', file);
  readonly tlsCaCertDir = new Setting('tls-ca-cert-dir', text, '', file);
  readonly tlsCertFile = new Setting('tls-cert-file', text, '', file);
  readonly tlsKeyFile = new Setting('tls-key-file', text, '', file);
  readonly tlsKeyFilePass = new Setting('tls-key-file-pass', text, '');
  /** For key exchanges of old TLS; '': these are not offered. */
  readonly tlsDhParamsFile = new Setting('tls-dh-params-file', text, '', file);
  /** For connections that it begins; '': the ones above. */
  readonly tlsClientCertFile = new Setting('tls-client-cert-file', text, '', file);
  readonly tlsClientKeyFile = new Setting('tls-client-key-file', text, '', file);
  readonly tlsClientKeyFilePass = new Setting('tls-client-key-file-pass', text, '');
  readonly tlsProtocols = new Setting('tls-protocols', text, '');
  readonly tlsCiphers = new Setting('tls-ciphers', text, '');
  readonly tlsCiphersuites = new Setting('tls-ciphersuites', text, '');

  // Replication.
  readonly replicaof = new Setting<Address | null>('replicaof', masterAddress, null, {
    mutability: 'immutable',
    aliases: ['slaveof'],
  });
  readonly masterauth = new Setting('masterauth', text, '', { aliases: ['primaryauth'] });
  readonly masteruser = new Setting('masteruser', text, '', { aliases: ['primaryuser'] });
  readonly replBacklogSize = new Setting('repl-backlog-size', memory(1, MOST_BACKLOG), MB);
  /** Seconds without replicas after which the backlog is given up; 0: it is kept. */
  readonly replBacklogTtl = new Setting('repl-backlog-ttl', integer(0, LONG_MAX), 3600);
  /** Whether a snapshot is sent while it is made, to a replica that can take it so. */
  readonly replDisklessSync = new Setting('repl-diskless-sync', yesNo, true);
  /**
   * Seconds that a snapshot is put off for more replicas to come, and how many are enough; 0: none.
   */
  readonly replDisklessSyncDelay = new Setting('repl-diskless-sync-delay', integer(0, INT_MAX), 5);
  readonly replDisklessSyncMaxReplicas = new Setting(
    'repl-diskless-sync-max-replicas',
    integer(0, INT_MAX),
    0,
  );
  /**
   * How a replica takes a snapshot. One that holds data keeps it until the whole snapshot is there,
   * or with `swapdb` until it is loaded, which needs room for both data sets.
   */
  readonly replDisklessLoad = new Setting(
    'repl-diskless-load',
    choice('disabled', 'on-empty-db', 'swapdb'),
    'disabled',
    { isFixedWhileLoading: true },
  );
  /** Whether the stream to replicas waits for more, to send fewer packets. */
  readonly replDisableTcpNodelay = new Setting('repl-disable-tcp-nodelay', yesNo, false);
  /**
   * What an error in a master's stream, or in one's answer to it, leads to: a line in the log, or
   * an end.
   */
  readonly propagationErrorBehavior = new Setting(
    'propagation-error-behavior',
    choice('ignore', 'panic', 'panic-on-replicas'),
    'ignore',
  );
  /** Seconds without a sign of life after which the other side of a replication link is gone. */
  readonly replTimeout = new Setting('repl-timeout', integer(1, INT_MAX), 60);
  /** Seconds between the master's pings in the stream. */
  readonly replPingReplicaPeriod = new Setting(
    'repl-ping-replica-period',
    integer(1, INT_MAX),
    10,
    { aliases: ['repl-ping-slave-period'] },
  );
  readonly replicaServeStaleData = replicaSetting('serve-stale-data', yesNo, true);
  readonly replicaReadOnly = replicaSetting('read-only', yesNo, true);
  readonly replicaPriority = replicaSetting('priority', integer(0, INT_MAX), 100);
  readonly replicaAnnounceIp = replicaSetting('announce-ip', text, '');
  readonly replicaAnnouncePort = replicaSetting('announce-port', integer(0, 65535), 0);
  readonly replicaIgnoreMaxmemory = replicaSetting('ignore-maxmemory', yesNo, true);
  readonly replicaLazyFlush = replicaSetting('lazy-flush', yesNo, false);
  readonly replicaAnnounced = new Setting('replica-announced', yesNo, true);
  readonly minReplicasToWrite = new Setting('min-replicas-to-write', integer(0, INT_MAX), 0, {
    aliases: ['min-slaves-to-write'],
  });
  /** Seconds. */
  readonly minReplicasMaxLag = new Setting('min-replicas-max-lag', integer(0, INT_MAX), 10, {
    aliases: ['min-slaves-max-lag'],
  });
  /**
   * What happens when replicas cannot keep up: `throttle` slows the writers down, `disconnect` lets
   * the ring grow to the output limit and then drops the replica, as Redis does; `auto` throttles
   * for those in the process only. Not a directive of Redis.
   */
  readonly replFlowControl = new Setting(
    'repl-flow-control',
    choice('auto', 'throttle', 'disconnect'),
    'auto',
    { hidden: true },
  );
  /**
   * How long writers are held for one replica before it is dropped, ms. Not a directive of Redis.
   */
  readonly replFlowControlTimeout = new Setting(
    'repl-flow-control-timeout',
    integer(1, INT_MAX),
    5000,
    { hidden: true },
  );

  /**
   * Whether replies about data wait until a majority of the cluster's nodes holds it; the cluster
   * sets it. Not a directive of Redis.
   */
  readonly strict = new Setting('strict', yesNo, false, { ...start, hidden: true });

  readonly collections = new CollectionLimits();

  readonly #settings: readonly AnySetting[];
  readonly #byName = new Map<string, AnySetting>();

  constructor() {
    const live = Object.values(this).filter((field) => field instanceof Setting);
    this.#settings = [...live, ...this.collections.settings, ...inertSettings()];
    for (const setting of this.#settings) {
      for (const name of [setting.name, ...setting.aliases]) this.#byName.set(name, setting);
    }
  }

  /** Every directive, those without effect here included. */
  get settings(): readonly AnySetting[] {
    return this.#settings;
  }

  /** @returns the directive of that name or alias, in any case, or undefined. */
  find(name: string): AnySetting | undefined {
    return this.#byName.get(name.toLowerCase());
  }

  /**
   * What CONFIG GET answers: `[name, value]` for each directive that a pattern names.
   *
   * A pattern without wildcards is answered under the spelling it was asked by, and finds hidden
   * directives too; each spelling of a directive is a name of its own.
   */
  match(patterns: readonly string[]): [string, string][] {
    const found = new Map<string, string>();
    for (const pattern of patterns) {
      if (!/[[*?]/.test(pattern)) {
        const setting = this.find(pattern);
        const seen = [...found.keys()].some((name) => name.toLowerCase() === pattern.toLowerCase());
        if (setting !== undefined && !seen) found.set(pattern, setting.text());
        continue;
      }
      const glob = new Glob(Buffer.from(pattern, 'latin1'), { ignoreCase: true });
      for (const [name, setting] of this.#byName) {
        if (setting.hidden || found.has(name)) continue;
        if (glob.matches(Buffer.from(name))) {
          found.set(name, setting.text());
        }
      }
    }
    return [...found];
  }
}

/** A directive whose value's type does not matter to the one who handles it. */
export type AnySetting = Pick<
  Setting<unknown>,
  | 'name'
  | 'aliases'
  | 'mutability'
  | 'isAppliedLater'
  | 'applyLater'
  | 'hidden'
  | 'effect'
  | 'isVolatile'
  | 'isFixedWhileLoading'
  | 'because'
  | 'given'
  | 'takesMany'
  | 'text'
  | 'defaultText'
  | 'fileLines'
  | 'defaultFileLines'
  | 'set'
  | 'backup'
  | 'apply'
>;

/** A directive that was once called `slave-…`. */
function replicaSetting<T>(
  name: string,
  kind: ConstructorParameters<typeof Setting<T>>[1],
  initial: T,
  mutability: Mutability = 'mutable',
): Setting<T> {
  return new Setting(`replica-${name}`, kind, initial, {
    mutability,
    aliases: [`slave-${name}`],
  });
}
