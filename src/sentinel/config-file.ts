/**
 * Read sentinel.conf, which is also where a sentinel keeps what must survive a restart.
 *
 * The order of lines does not matter: settings, then masters, then what refers to masters. A line
 * that is not understood stops the start and is named, because a directive ignored in silence is
 * a failover that does not happen.
 *
 * @see redis/redis 7.0 src/sentinel.c, sentinelHandleConfiguration(), queueSentinelConfig()
 */
import type { Address } from '../base/address.js';
import { RingleaderError } from '../base/errors.js';
import type { Millis } from '../base/time.js';
import { splitArgs } from '../resp/split-args.js';
import {
  DEFAULT_DOWN_AFTER_MS,
  DEFAULT_FAILOVER_TIMEOUT_MS,
  DEFAULT_PARALLEL_SYNCS,
  formatAddress,
} from './state.js';
import type { SentinelSettings } from './state.js';

export interface MasterConfig {
  readonly name: string;
  readonly address: Address;
  readonly quorum: number;
  readonly downAfterMs: Millis;
  readonly failoverTimeoutMs: Millis;
  readonly parallelSyncs: number;
  readonly authPass: string | null;
  readonly authUser: string | null;
  readonly configEpoch: number;
  readonly leaderEpoch: number;
  readonly replicas: readonly Address[];
  readonly sentinels: readonly { readonly runid: string; readonly address: Address }[];
}

export interface SentinelFile {
  /** Null before the first start; the sentinel then chooses one and persists it. */
  readonly myid: string | null;
  readonly currentEpoch: number;
  readonly settings: SentinelSettings;
  readonly masters: readonly MasterConfig[];
  /** Directives of the server itself (`port 26379`), split into words, for the host. */
  readonly server: readonly (readonly string[])[];
}

type Draft<T> = { -readonly [K in keyof T]: T[K] };
type MasterDraft = Draft<MasterConfig>;
interface FileDraft extends Omit<Draft<SentinelFile>, 'settings' | 'masters'> {
  settings: Draft<SentinelSettings>;
  readonly masters: Map<string, MasterDraft>;
}

/** Directives of redis.conf that mean something to a sentinel's process. */
const serverDirectives = new Set([
  'acllog-max-len',
  'bind',
  'bind-source-addr',
  'daemonize',
  'dir',
  'latency-tracking-info-percentiles',
  'logfile',
  'loglevel',
  'maxclients',
  'pidfile',
  'port',
  'protected-mode',
  'requirepass',
  'supervised',
  'syslog-enabled',
  'tcp-backlog',
  'tcp-keepalive',
  'timeout',
  'unixsocket',
  'unixsocketperm',
  'user',
]);

interface Line {
  readonly number: number;
  readonly text: string;
  /** Of a `sentinel` line: the words after `sentinel`, the first in lower case. */
  readonly words: readonly [string, ...string[]];
}

/**
 * Read a configuration file.
 *
 * @throws CONFIG_INVALID, naming the line and its number.
 */
export function parseConfig(text: string): SentinelFile {
  const preservedLines: string[] = [];
  const server: string[][] = [];
  const stages: [Line[], Line[], Line[]] = [[], [], []];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const trimmed = raw.trim();
    const words = trimmed === '' || trimmed.startsWith('#') ? [] : splitArgs(trimmed);
    const at = { number: index + 1, text: trimmed };
    if (words === null) throw invalid(at, 'Unbalanced quotes in configuration line');
    const [first = '', second = '', ...rest] = words;
    if (first.toLowerCase() === 'sentinel') {
      if (second === '') throw invalid(at, 'wrong number of arguments');
      const name = second.toLowerCase();
      const stage = name === 'monitor' ? 1 : globalDirectives.has(name) ? 0 : 2;
      stages[stage].push({ ...at, words: [name, ...rest] });
      continue;
    }
    if (first !== '') {
      if (!serverDirectives.has(first.toLowerCase()) || second === '') {
        throw invalid(at, 'Bad directive or wrong number of arguments');
      }
      server.push(words);
    }
    preservedLines.push(raw.trimEnd());
  }
  while (preservedLines.at(-1) === '') preservedLines.pop();

  const draft: FileDraft = {
    myid: null,
    currentEpoch: 0,
    settings: {
      announceIp: null,
      announcePort: null,
      sentinelUser: null,
      sentinelPass: null,
      preservedLines,
    },
    masters: new Map(),
    server,
  };
  for (const line of stages.flat()) apply(draft, line);
  return { ...draft, masters: [...draft.masters.values()] };
}

function apply(draft: FileDraft, line: Line): void {
  const [name, ...args] = line.words;
  const problem = ((): string | null => {
    if (name === 'monitor') return monitor(draft, args);
    const global = globalDirectives.get(name);
    if (global !== undefined) {
      return args.length === 1 ? global(draft, args[0] ?? '') : UNRECOGNIZED;
    }
    if (name === 'known-sentinel' && args.length === 3) return null; // An old form, without run id.
    const directive = masterDirectives.get(name);
    if (directive === undefined || args.length !== directive.args) return UNRECOGNIZED;
    const master = draft.masters.get(args[0] ?? '');
    if (master === undefined) return 'No such master with specified name.';
    return directive.apply(master, args.slice(1), draft);
  })();
  if (problem !== null) throw invalid(line, problem);
}

const UNRECOGNIZED = 'Unrecognized sentinel configuration statement.';
const BAD_TIME = 'negative or zero time parameter.';
const HOSTNAMES = 'Host names are not resolved: give addresses.';

function monitor(draft: FileDraft, args: readonly string[]): string | null {
  const [name, host, port, quorumText] = args;
  if (args.length !== 4 || name === undefined) return UNRECOGNIZED;
  const quorum = integer(quorumText);
  if (quorum === null || quorum <= 0) return 'Quorum must be 1 or greater.';
  const address = parseAddress(host, port);
  if (address === null) return 'Invalid port number.';
  if (draft.masters.has(name)) return 'Duplicate master name.';
  draft.masters.set(name, {
    name,
    address,
    quorum,
    downAfterMs: DEFAULT_DOWN_AFTER_MS,
    failoverTimeoutMs: DEFAULT_FAILOVER_TIMEOUT_MS,
    parallelSyncs: DEFAULT_PARALLEL_SYNCS,
    authPass: null,
    authUser: null,
    configEpoch: 0,
    leaderEpoch: 0,
    replicas: [],
    sentinels: [],
  });
  return null;
}

/** Directives for all masters: each takes one argument and returns a problem or null. */
const globals: Readonly<Record<string, (draft: FileDraft, arg: string) => string | null>> = {
  myid(draft, arg) {
    if (arg.length !== 40) return 'Malformed Sentinel id in myid option.';
    draft.myid = arg;
    return null;
  },
  'current-epoch'(draft, arg) {
    const epoch = integer(arg);
    if (epoch === null || epoch < 0) return UNRECOGNIZED;
    draft.currentEpoch = Math.max(draft.currentEpoch, epoch);
    return null;
  },
  'announce-ip'(draft, arg) {
    draft.settings.announceIp = arg === '' ? null : arg;
    return null;
  },
  'announce-port'(draft, arg) {
    const port = integer(arg);
    if (port === null || port < 0 || port > 65_535) return 'Invalid port number.';
    draft.settings.announcePort = port === 0 ? null : port;
    return null;
  },
  'sentinel-user'(draft, arg) {
    draft.settings.sentinelUser = arg === '' ? null : arg;
    return null;
  },
  'sentinel-pass'(draft, arg) {
    draft.settings.sentinelPass = arg === '' ? null : arg;
    return null;
  },
  // Scripts are never run, so their paths can never be changed either.
  'deny-scripts-reconfig': (_draft, arg) => (arg === 'yes' ? null : 'Scripts are not supported.'),
  'resolve-hostnames': (_draft, arg) => (arg === 'no' ? null : HOSTNAMES),
  'announce-hostnames': (_draft, arg) => (arg === 'no' ? null : HOSTNAMES),
};

const globalDirectives = new Map(Object.entries(globals));

interface MasterDirective {
  /** How many, the master's name included. */
  readonly args: number;
  readonly apply: (master: MasterDraft, args: readonly string[], draft: FileDraft) => string | null;
}

const perMaster: Readonly<Record<string, MasterDirective>> = {
  'down-after-milliseconds': time('downAfterMs'),
  'failover-timeout': time('failoverTimeoutMs'),
  'parallel-syncs': {
    args: 2,
    apply(master, [text]) {
      const syncs = integer(text);
      if (syncs === null || syncs < 1) return 'parallel-syncs must be 1 or greater.';
      master.parallelSyncs = syncs;
      return null;
    },
  },
  'auth-pass': {
    args: 2,
    apply: (master, [pass]) => ((master.authPass = pass ?? null), null),
  },
  'auth-user': {
    args: 2,
    apply: (master, [user]) => ((master.authUser = user ?? null), null),
  },
  'config-epoch': {
    args: 2,
    apply(master, [text], draft) {
      const epoch = integer(text);
      if (epoch === null || epoch < 0) return UNRECOGNIZED;
      master.configEpoch = epoch;
      draft.currentEpoch = Math.max(draft.currentEpoch, epoch);
      return null;
    },
  },
  'leader-epoch': {
    args: 2,
    apply(master, [text]) {
      const epoch = integer(text);
      if (epoch === null || epoch < 0) return UNRECOGNIZED;
      master.leaderEpoch = epoch;
      return null;
    },
  },
  'known-replica': { args: 3, apply: knownReplica },
  'known-slave': { args: 3, apply: knownReplica },
  'known-sentinel': {
    args: 4,
    apply(master, [host, port, runid]) {
      const address = parseAddress(host, port);
      if (address === null || runid === undefined) return 'Invalid port number.';
      if (master.sentinels.some((known) => known.runid === runid)) {
        return 'Duplicate runid for sentinel.';
      }
      master.sentinels = [...master.sentinels, { runid, address }];
      return null;
    },
  },
};

const masterDirectives = new Map(Object.entries(perMaster));

function time(field: 'downAfterMs' | 'failoverTimeoutMs'): MasterDirective {
  return {
    args: 2,
    apply(master, [text]) {
      const ms = integer(text);
      if (ms === null || ms <= 0) return BAD_TIME;
      master[field] = ms;
      return null;
    },
  };
}

function knownReplica(master: MasterDraft, [host, port]: readonly string[]): string | null {
  const address = parseAddress(host, port);
  if (address === null) return 'Invalid port number.';
  const key = formatAddress(address);
  if (master.replicas.some((known) => formatAddress(known) === key)) {
    return 'Duplicate hostname and port for replica.';
  }
  master.replicas = [...master.replicas, address];
  return null;
}

/** @returns the address, or null if the port is not one or the host is empty. */
export function parseAddress(host: string | undefined, port: string | undefined): Address | null {
  const number = integer(port);
  if (host === undefined || host === '' || number === null) return null;
  return number >= 0 && number <= 65_535 ? { host, port: number } : null;
}

function integer(text: string | undefined): number | null {
  const value = Number(text);
  return /^-?\d+$/.test(text ?? '') && Number.isSafeInteger(value) ? value : null;
}

/** A line as it can be shown: without passwords. */
function hidden(text: string): string {
  return text.replace(/^((?:sentinel\s+)?(?:\S*pass|user))\s.*$/is, '$1 (not shown)');
}

function invalid(line: { number: number; text: string }, problem: string): RingleaderError {
  return new RingleaderError(
    'CONFIG_INVALID',
    `Reading the configuration file, at line ${line.number}\n>>> '${hidden(line.text)}'\n${problem}`,
  );
}
