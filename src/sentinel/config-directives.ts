/**
 * The `sentinel …` directives: what each takes, what it sets, and what is wrong with it.
 *
 * @see redis/redis 7.0 src/sentinel.c, sentinelHandleConfiguration()
 */
import type { Address } from '../base/address.js';
import type { Millis } from '../base/time.js';
import { isName } from './names.js';
import { redisProfile } from './profile.js';
import { DEFAULT_PARALLEL_SYNCS, formatAddress } from './state.js';
import type { RenamedCommands } from './renamed-commands.js';
import type { SentinelSettings } from './settings.js';

export interface MasterConfig {
  readonly name: string;
  readonly address: Address;
  readonly quorum: number;
  readonly downAfterMs: Millis;
  readonly failoverTimeoutMs: Millis;
  readonly parallelSyncs: number;
  readonly authPass: string | null;
  readonly authUser: string | null;
  readonly notificationScript: string | null;
  readonly clientReconfigScript: string | null;
  readonly renamedCommands: RenamedCommands;
  readonly rebootDownAfterMs: Millis;
  readonly configEpoch: number;
  readonly leaderEpoch: number;
  readonly replicas: readonly Address[];
  readonly sentinels: readonly { readonly runid: string; readonly address: Address }[];
}

type Draft<T> = { -readonly [K in keyof T]: T[K] };
type MasterDraft = Draft<MasterConfig>;

/** A file as it is being read. */
export interface FileDraft {
  myid: string | null;
  currentEpoch: number;
  settings: Draft<SentinelSettings>;
  readonly masters: Map<string, MasterDraft>;
  /** Whether a file can be executed. */
  readonly canExecute: (path: string) => boolean;
}

/** In which order lines are obeyed: what stands for all, then masters, then what names one. */
export function stageOf(directive: string): 0 | 1 | 2 {
  if (directive === 'monitor') return 1;
  return globalDirectives.has(directive) ? 0 : 2;
}

/**
 * Obey one line.
 *
 * @param name - in lower case.
 * @param args - what follows it.
 * @returns what is wrong with it, or null.
 */
export function obey(draft: FileDraft, name: string, args: readonly string[]): string | null {
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
}

const UNRECOGNIZED = 'Unrecognized sentinel configuration statement.';
const BAD_TIME = 'negative or zero time parameter.';

/** @returns a master as a configuration begins it. */
export function newMasterConfig(
  name: string,
  address: Address,
  quorum: number,
  { defaultDownAfterMs, defaultFailoverTimeoutMs } = redisProfile,
): MasterConfig {
  return {
    name,
    address,
    quorum,
    downAfterMs: defaultDownAfterMs,
    failoverTimeoutMs: defaultFailoverTimeoutMs,
    parallelSyncs: DEFAULT_PARALLEL_SYNCS,
    authPass: null,
    authUser: null,
    notificationScript: null,
    clientReconfigScript: null,
    renamedCommands: new Map(),
    rebootDownAfterMs: 0,
    configEpoch: 0,
    leaderEpoch: 0,
    replicas: [],
    sentinels: [],
  };
}

function monitor(draft: FileDraft, args: readonly string[]): string | null {
  const [name, host, port, quorumText] = args;
  if (args.length !== 4 || name === undefined) return UNRECOGNIZED;
  const quorum = integer(quorumText);
  if (quorum === null || quorum <= 0) return 'Quorum must be 1 or greater.';
  const address = instanceAddress(draft, host, port);
  if (typeof address === 'string') return address;
  if (draft.masters.has(name)) return 'Duplicate master name.';
  draft.masters.set(name, newMasterConfig(name, address, quorum));
  return null;
}

type Global = (draft: FileDraft, arg: string) => string | null;

/** Directives for all masters: each takes one argument and returns a problem or null. */
const globals: Readonly<Record<string, Global>> = {
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
  'deny-scripts-reconfig': yesOrNo(
    'denyScriptsReconfig',
    'Please specify yes or no for the deny-scripts-reconfig options.',
  ),
  'resolve-hostnames': yesOrNo(
    'resolveHostnames',
    'Please specify yes or no for the resolve-hostnames option.',
  ),
  'announce-hostnames': yesOrNo(
    'announceHostnames',
    'Please specify yes or no for the announce-hostnames option.',
  ),
};

function yesOrNo(
  field: 'denyScriptsReconfig' | 'resolveHostnames' | 'announceHostnames',
  problem: string,
): Global {
  return (draft, arg) => {
    const word = arg.toLowerCase();
    if (word !== 'yes' && word !== 'no') return problem;
    draft.settings[field] = word === 'yes';
    return null;
  };
}

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
      // 0 is Redis' to take: the other replicas then wait for the failover's timeout.
      if (syncs === null || syncs < 0) return 'negative or no number of replicas.';
      master.parallelSyncs = syncs;
      return null;
    },
  },
  'notification-script': script(
    'notificationScript',
    'Notification script seems non existing or non executable.',
  ),
  'client-reconfig-script': script(
    'clientReconfigScript',
    'Client reconfiguration script seems non existing or non executable.',
  ),
  'auth-pass': {
    args: 2,
    apply: (master, [pass]) => ((master.authPass = pass ?? null), null),
  },
  'auth-user': {
    args: 2,
    apply: (master, [user]) => ((master.authUser = user ?? null), null),
  },
  'rename-command': {
    args: 3,
    apply(master, [command = '', other = '']) {
      const name = command.toLowerCase();
      if (master.renamedCommands.has(name)) {
        return 'Same command renamed multiple times with rename-command.';
      }
      master.renamedCommands = new Map(master.renamedCommands).set(name, { command, other });
      return null;
    },
  },
  'master-reboot-down-after-period': {
    args: 2,
    apply(master, [text]) {
      const ms = integer(text);
      if (ms === null || ms < 0) return 'negative time parameter.';
      master.rebootDownAfterMs = ms;
      return null;
    },
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
    apply(master, [host, port, runid = ''], draft) {
      const address = instanceAddress(draft, host, port);
      if (typeof address === 'string') return address;
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

function script(
  field: 'notificationScript' | 'clientReconfigScript',
  problem: string,
): MasterDirective {
  return {
    args: 2,
    apply(master, [path = ''], draft) {
      if (!draft.canExecute(path)) return problem;
      master[field] = path;
      return null;
    },
  };
}

function knownReplica(
  master: MasterDraft,
  [host, port]: readonly string[],
  draft: FileDraft,
): string | null {
  const address = instanceAddress(draft, host, port);
  if (typeof address === 'string') return address;
  const key = formatAddress(address);
  if (master.replicas.some((known) => formatAddress(known) === key)) {
    return 'Duplicate hostname and port for replica.';
  }
  master.replicas = [...master.replicas, address];
  return null;
}

/** @returns the address, or what is wrong with it. */
function instanceAddress(
  { settings }: FileDraft,
  host: string | undefined,
  port: string | undefined,
): Address | string {
  const address = parseAddress(host, port);
  if (address === null) return 'Invalid port number.';
  // Names are looked up once the sentinel runs: one that leads nowhere is no reason not to start.
  const mayBeName = settings.resolveHostnames && host !== '';
  return isName(address.host) && !mayBeName ? "Can't resolve instance hostname." : address;
}

/** @returns the address, or null if the port is not one. */
export function parseAddress(host = '', port: string | undefined): Address | null {
  const number = integer(port);
  return number !== null && number >= 0 && number <= 65_535 ? { host, port: number } : null;
}

function integer(text: string | undefined): number | null {
  const value = Number(text);
  return /^-?\d+$/.test(text ?? '') && Number.isSafeInteger(value) ? value : null;
}
