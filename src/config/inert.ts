/**
 * The directives that Redis 7.0 knows and that have no effect here, with their defaults.
 *
 * A redis.conf that leaves them at their defaults, or writes those down, starts both servers; another
 * value is checked as Redis checks it and then refused by name. Defaults that would promise what does
 * not happen (saving to disk, an append-only file) are off.
 */
import {
  choice,
  choices,
  fileName,
  integer,
  integers,
  memory,
  octal,
  text,
  yesNo,
} from './kinds.js';
import { type Kind, Setting, type SettingOptions } from './setting.js';
import { type SavePoint, savePoints } from './special.js';

const INT_MAX = 2 ** 31 - 1;
const LONG_MAX = 2 ** 63;
const MB = 1024 * 1024;

const start: SettingOptions = { mutability: 'immutable' };

function inert<T>(name: string, kind: Kind<T>, initial: T, options: SettingOptions = {}) {
  return new Setting<T>(name, kind, initial, { ...options, inert: true });
}

const on = (name: string, options?: SettingOptions) => inert(name, yesNo, true, options);
const off = (name: string, options?: SettingOptions) => inert(name, yesNo, false, options);
const words = (name: string, initial = '', options?: SettingOptions) =>
  inert(name, text, initial, options);
const number = (name: string, initial: number, min = 0, max = INT_MAX, options?: SettingOptions) =>
  inert(name, integer(min, max), initial, options);
const bytes = (name: string, initial: number, min = 0, options?: SettingOptions) =>
  inert(name, memory(min, LONG_MAX), initial, options);
const alias = (name: string): SettingOptions => ({ aliases: [name] });

/** @returns a fresh set: each node has its own. */
export function inertSettings() {
  return [...host(), ...persistence(), ...replication(), ...memoryUse(), ...cluster(), ...tls()];
}

function host() {
  return [
    off('daemonize', start),
    words('pidfile', '', start),
    inert('supervised', choice('upstart', 'systemd', 'auto', 'no'), 'no', start),
    off('always-show-logo', start),
    on('set-proc-title', start),
    words('proc-title-template', '{title} {listen-addr} {server-mode}'),
    off('syslog-enabled', start),
    words('syslog-ident', 'redis', start),
    inert(
      'syslog-facility',
      choice(
        'user',
        'local0',
        'local1',
        'local2',
        'local3',
        'local4',
        'local5',
        'local6',
        'local7',
      ),
      'local0',
      start,
    ),
    on('crash-log-enabled'),
    on('crash-memcheck-enabled'),
    off('use-exit-on-panic', { hidden: true }),
    on('disable-thp', start),
    words('unixsocket', '', start),
    inert('unixsocketperm', octal, 0, start),
    number('socket-mark-id', 0, 0, 2 ** 32 - 1, start),
    words('bind-source-addr'),
    number('io-threads', 1, 1, 128, start),
    off('io-threads-do-reads', start),
    words('server_cpulist', '', start),
    words('bio_cpulist', '', start),
    words('aof_rewrite_cpulist', '', start),
    words('bgsave_cpulist', '', start),
    words('ignore-warnings'),
    inert('oom-score-adj', choice('no', 'yes', 'relative', 'absolute'), 'no'),
    inert(
      'oom-score-adj-values',
      integers(
        3,
        -2000,
        2000,
        'Invalid oom-score-adj-values, elements must be between -2000 and 2000.',
      ),
      [0, 200, 800],
    ),
    inert('shutdown-on-sigint', choices('default', 'save', 'nosave', 'now', 'force'), ['default']),
    inert('shutdown-on-sigterm', choices('default', 'save', 'nosave', 'now', 'force'), ['default']),
    number('shutdown-timeout', 10),
    number('hz', 10),
    on('dynamic-hz'),
    number('watchdog-period', 0, 0, INT_MAX, { hidden: true }),
    words('aclfile', '', start),
    inert('acl-pubsub-default', choice('allchannels', 'resetchannels'), 'resetchannels'),
    number('acllog-max-len', 128, 0, LONG_MAX),
    inert('enable-module-command', choice('no', 'yes', 'local'), 'no', start),
    number('busy-reply-threshold', 5000, 0, LONG_MAX, alias('lua-time-limit')),
    number('tracking-table-max-keys', 1_000_000, 0, LONG_MAX),
  ];
}

function persistence() {
  return [
    inert<readonly SavePoint[]>('save', savePoints, []),
    inert('dbfilename', fileName("dbfilename can't be a path, just a filename"), 'dump.rdb', {
      mutability: 'protected',
    }),
    on('rdbcompression'),
    on('rdbchecksum', start),
    off('rdb-del-sync-files'),
    on('rdb-save-incremental-fsync'),
    number('rdb-key-save-delay', 0, -INT_MAX, INT_MAX, { hidden: true }),
    number('key-load-delay', 0, -INT_MAX, INT_MAX, { hidden: true }),
    bytes('loading-process-events-interval-bytes', 2 * MB, 1024, { hidden: true }),
    on('stop-writes-on-bgsave-error'),
    inert('sanitize-dump-payload', choice('no', 'yes', 'clients'), 'no'),
    off('appendonly'),
    inert(
      'appendfilename',
      fileName("appendfilename can't be a path, just a filename"),
      'appendonly.aof',
      start,
    ),
    inert(
      'appenddirname',
      fileName("appenddirname can't be a path, just a dirname"),
      'appendonlydir',
      start,
    ),
    inert('appendfsync', choice('everysec', 'always', 'no'), 'everysec'),
    off('no-appendfsync-on-rewrite'),
    number('auto-aof-rewrite-percentage', 100),
    bytes('auto-aof-rewrite-min-size', 64 * MB),
    on('aof-load-truncated'),
    on('aof-use-rdb-preamble'),
    off('aof-timestamp-enabled'),
    on('aof-rewrite-incremental-fsync'),
    off('aof-disable-auto-gc'),
  ];
}

function replication() {
  return [
    off('repl-disable-tcp-nodelay'),
    off('replica-ignore-disk-write-errors'),
    inert('propagation-error-behavior', choice('ignore', 'panic', 'panic-on-replicas'), 'ignore'),
  ];
}

function memoryUse() {
  return [
    off('lazyfree-lazy-server-del'),
    off('lazyfree-lazy-user-del'),
    on('activerehashing'),
    on('jemalloc-bg-thread'),
    number('active-defrag-max-scan-fields', 1000, 1, LONG_MAX),
    number('list-max-listpack-size', -2, -(2 ** 31), INT_MAX, alias('list-max-ziplist-size')),
    number('list-compress-depth', 0),
    number('hash-max-listpack-entries', 512, 0, LONG_MAX, alias('hash-max-ziplist-entries')),
    bytes('hash-max-listpack-value', 64, 0, alias('hash-max-ziplist-value')),
    number('set-max-intset-entries', 512, 0, LONG_MAX),
    number('zset-max-listpack-entries', 128, 0, LONG_MAX, alias('zset-max-ziplist-entries')),
    bytes('zset-max-listpack-value', 64, 0, alias('zset-max-ziplist-value')),
    bytes('hll-sparse-max-bytes', 3000),
    bytes('stream-node-max-bytes', 4096),
    number('stream-node-max-entries', 100, 0, LONG_MAX),
  ];
}

function cluster() {
  return [
    off('cluster-enabled', start),
    words('cluster-config-file', 'nodes.conf', start),
    number('cluster-node-timeout', 15_000, 0, LONG_MAX),
    number('cluster-port', 0, 0, 65535, start),
    words('cluster-announce-ip'),
    words('cluster-announce-hostname'),
    number('cluster-announce-port', 0, 0, 65535),
    number('cluster-announce-tls-port', 0, 0, 65535),
    number('cluster-announce-bus-port', 0, 0, 65535),
    inert('cluster-preferred-endpoint-type', choice('ip', 'hostname', 'unknown-endpoint'), 'ip'),
    number(
      'cluster-replica-validity-factor',
      10,
      0,
      INT_MAX,
      alias('cluster-slave-validity-factor'),
    ),
    off('cluster-replica-no-failover', alias('cluster-slave-no-failover')),
    number('cluster-migration-barrier', 1),
    on('cluster-allow-replica-migration'),
    on('cluster-require-full-coverage'),
    off('cluster-allow-reads-when-down'),
    on('cluster-allow-pubsubshard-when-down'),
    bytes('cluster-link-sendbuf-limit', 0),
  ];
}

function tls() {
  return [
    number('tls-port', 0, 0, 65535),
    number('tls-session-cache-size', 20 * 1024),
    number('tls-session-cache-timeout', 300),
    off('tls-cluster'),
    off('tls-replication'),
    inert('tls-auth-clients', choice('no', 'yes', 'optional'), 'yes'),
    off('tls-prefer-server-ciphers'),
    on('tls-session-caching'),
    ...[
      'tls-cert-file',
      'tls-key-file',
      'tls-key-file-pass',
      'tls-client-cert-file',
      'tls-client-key-file',
      'tls-client-key-file-pass',
      'tls-dh-params-file',
      'tls-ca-cert-file',
      'tls-ca-cert-dir',
      'tls-protocols',
      'tls-ciphers',
      'tls-ciphersuites',
    ].map((name) => words(name)),
  ];
}
