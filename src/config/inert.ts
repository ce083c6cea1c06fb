/**
 * The directives that Redis 7.0 knows and that nothing here reads, with their defaults. They come
 * in two sorts:
 *
 * - **accepted**: any value that Redis takes is taken and shown, because nothing that a client or
 *   an operator relies on depends on it here. Each group says why.
 * - **refused**: a value other than the default is checked as Redis checks it and then refused by
 *   name, at the start as by CONFIG SET, since it asks for something that would not happen.
 *
 * A redis.conf that leaves them at their defaults, or writes those down, starts both servers.
 * Defaults that would promise what does not happen are off.
 *
 * `docs/directives.md` shows both, and the directives that are obeyed; a test holds it to this
 * file.
 */
import { choice, integer, integers, memory, text, yesNo } from './kinds.js';
import { type Kind, Setting, type SettingOptions } from './setting.js';
import { hostname, titleTemplate } from './words.js';

const INT_MAX = 2 ** 31 - 1;
const LONG_MAX = 2 ** 63;

const start: SettingOptions = { mutability: 'immutable' };

function refused<T>(name: string, kind: Kind<T>, initial: T, options: SettingOptions = {}) {
  return new Setting<T>(name, kind, initial, { ...options, effect: 'refused' });
}

/** @param because - what makes its value of no consequence. */
function accepted(because: string) {
  const any = <T>(name: string, kind: Kind<T>, initial: T, options: SettingOptions = {}) =>
    new Setting<T>(name, kind, initial, { ...options, effect: 'accepted', because });
  return {
    any,
    on: (name: string, options?: SettingOptions) => any(name, yesNo, true, options),
    off: (name: string, options?: SettingOptions) => any(name, yesNo, false, options),
    words: (name: string, initial: string, options?: SettingOptions) =>
      any(name, text, initial, options),
    number: (name: string, initial: number, min = 0, max = INT_MAX, options?: SettingOptions) =>
      any(name, integer(min, max), initial, options),
    bytes: (name: string, initial: number, min = 0, options?: SettingOptions) =>
      any(name, memory(min, LONG_MAX), initial, options),
  };
}

const on = (name: string, options?: SettingOptions) => refused(name, yesNo, true, options);
const off = (name: string, options?: SettingOptions) => refused(name, yesNo, false, options);
const words = (name: string, initial = '', options?: SettingOptions) =>
  refused(name, text, initial, options);
const number = (name: string, initial: number, min = 0, max = INT_MAX, options?: SettingOptions) =>
  refused(name, integer(min, max), initial, options);
const alias = (name: string): SettingOptions => ({ aliases: [name] });

/** @returns a fresh set: each node has its own. */
export function inertSettings() {
  return [...logs(), ...machine(), ...persistence(), ...memoryUse(), ...cluster(), ...tls()];
}

function logs() {
  const same = accepted('the lines at the start and after a crash are the same with either value');
  const without = accepted('as in Redis while syslog-enabled is no');
  const title = accepted('a thread of Node cannot name its process');
  const facilities = ['user', ...[0, 1, 2, 3, 4, 5, 6, 7].map((at) => `local${at}`)];
  return [
    same.off('always-show-logo', start),
    same.on('crash-log-enabled'),
    same.on('crash-memcheck-enabled'),
    same.off('use-exit-on-panic', { hidden: true }),
    title.on('set-proc-title', start),
    title.any('proc-title-template', titleTemplate, '{title} {listen-addr} {server-mode}'),
    off('syslog-enabled', start),
    without.words('syslog-ident', 'redis', start),
    without.any('syslog-facility', choice(...facilities), 'local0', start),
  ];
}

function machine() {
  const pace = accepted('how often upkeep is done follows from what there is to do');
  const threads = accepted('sockets are read and written as fast as one thread can');
  const hints = accepted('Node decides on huge pages, and there is no warning to be ignored');
  return [
    pace.number('hz', 10),
    pace.on('dynamic-hz'),
    threads.number('io-threads', 1, 1, 128, start),
    threads.off('io-threads-do-reads', start),
    hints.on('disable-thp', start),
    hints.words('ignore-warnings', ''),
    off('daemonize', start),
    refused('supervised', choice('upstart', 'systemd', 'auto', 'no'), 'no', start),
    number('socket-mark-id', 0, 0, 2 ** 32 - 1, start),
    words('server_cpulist', '', start),
    words('bio_cpulist', '', start),
    words('aof_rewrite_cpulist', '', start),
    words('bgsave_cpulist', '', start),
    number('watchdog-period', 0, 0, INT_MAX, { hidden: true }),
    refused('oom-score-adj', choice('no', 'yes', 'relative', 'absolute'), 'no'),
    accepted('as in Redis while oom-score-adj is no').any(
      'oom-score-adj-values',
      integers(
        3,
        -2000,
        2000,
        'Invalid oom-score-adj-values, elements must be between -2000 and 2000.',
      ),
      [0, 200, 800],
    ),
  ];
}

function persistence() {
  const files = accepted('a full resync leaves no file behind, and each file is synced whole');
  return [
    files.off('rdb-del-sync-files'),
    accepted('what RESTORE is given is always checked').any(
      'sanitize-dump-payload',
      choice('no', 'yes', 'clients'),
      'no',
    ),
  ];
}

function memoryUse() {
  const single = accepted('large values are freed little by little, whatever is set');
  const own = accepted('index and allocator are not those of Redis');
  return [
    single.off('lazyfree-lazy-server-del'),
    single.off('lazyfree-lazy-user-del'),
    own.on('activerehashing'),
    own.on('jemalloc-bg-thread'),
    number('list-compress-depth', 0),
    own.number('active-defrag-max-scan-fields', 1000, 1, LONG_MAX),
  ];
}

function cluster() {
  const alone = accepted('as in Redis while cluster-enabled is no');
  return [
    off('cluster-enabled', start),
    alone.words('cluster-config-file', 'nodes.conf', start),
    alone.number('cluster-node-timeout', 15_000, 0, LONG_MAX),
    alone.number('cluster-port', 0, 0, 65535, start),
    alone.words('cluster-announce-ip', ''),
    alone.any('cluster-announce-hostname', hostname, ''),
    alone.number('cluster-announce-port', 0, 0, 65535),
    alone.number('cluster-announce-tls-port', 0, 0, 65535),
    alone.number('cluster-announce-bus-port', 0, 0, 65535),
    alone.any(
      'cluster-preferred-endpoint-type',
      choice('ip', 'hostname', 'unknown-endpoint'),
      'ip',
    ),
    alone.number(
      'cluster-replica-validity-factor',
      10,
      0,
      INT_MAX,
      alias('cluster-slave-validity-factor'),
    ),
    alone.off('cluster-replica-no-failover', alias('cluster-slave-no-failover')),
    alone.number('cluster-migration-barrier', 1),
    alone.on('cluster-allow-replica-migration'),
    alone.on('cluster-require-full-coverage'),
    alone.off('cluster-allow-reads-when-down'),
    alone.on('cluster-allow-pubsubshard-when-down'),
    alone.bytes('cluster-link-sendbuf-limit', 0),
  ];
}

function tls() {
  return [
    number('tls-session-cache-size', 20 * 1024),
    number('tls-session-cache-timeout', 300),
    on('tls-session-caching'),
  ];
}
