/**
 * SENTINEL CONFIG: what is set for all masters; SENTINEL DEBUG: the periods, for tests.
 *
 * @see redis/redis 7.0 src/sentinel.c, sentinelConfigSetCommand(), sentinelConfigGetCommand(),
 * sentinelSetDebugConfigParameters()
 */
import { globMatch } from '../base/glob.js';
import { parseSafeInteger } from '../base/int64.js';
import { reply } from '../resp/reply.js';
import type { Reply } from '../resp/reply.js';
import { disconnect } from './links.js';
import type { SentinelProfile } from './profile.js';
import type { SentinelSettings } from './settings.js';
import type { Turn } from './turn.js';

interface Parameter {
  readonly get: (settings: SentinelSettings) => string;
  /** @returns what changes, or null: the value will not do. */
  readonly set: (value: string) => Partial<SentinelSettings> | null;
  /** Sentinels have to be greeted anew. */
  readonly reconnects?: true;
}

const yesNo = (value: string): boolean | null =>
  ({ yes: true, no: false })[value.toLowerCase()] ?? null;
const word = (value: boolean): string => (value ? 'yes' : 'no');
const orNull = (value: string): string | null => (value === '' ? null : value);

/** In the order in which Redis shows them. */
const parameters: ReadonlyMap<string, Parameter> = new Map<string, Parameter>([
  [
    'resolve-hostnames',
    {
      get: ({ resolveHostnames }) => word(resolveHostnames),
      set(value) {
        const resolveHostnames = yesNo(value);
        return resolveHostnames === null ? null : { resolveHostnames };
      },
    },
  ],
  [
    'announce-hostnames',
    {
      get: ({ announceHostnames }) => word(announceHostnames),
      set(value) {
        const announceHostnames = yesNo(value);
        return announceHostnames === null ? null : { announceHostnames };
      },
    },
  ],
  [
    'announce-ip',
    {
      get: ({ announceIp }) => announceIp ?? '',
      set: (value) => ({ announceIp: orNull(value) }),
    },
  ],
  [
    'announce-port',
    {
      get: ({ announcePort }) => String(announcePort ?? 0),
      set(value) {
        const port = parseSafeInteger(value);
        if (port === null || port < 0 || port > 65_535) return null;
        return { announcePort: port === 0 ? null : port };
      },
    },
  ],
  [
    'sentinel-user',
    {
      get: ({ sentinelUser }) => sentinelUser ?? '',
      set: (value) => ({ sentinelUser: orNull(value) }),
      reconnects: true,
    },
  ],
  [
    'sentinel-pass',
    {
      get: ({ sentinelPass }) => sentinelPass ?? '',
      set: (value) => ({ sentinelPass: orNull(value) }),
      reconnects: true,
    },
  ],
]);

/** @param args - what follows SENTINEL CONFIG. */
export function configCommand(turn: Turn, args: readonly string[]): Reply {
  const [verb = '', name = '', value] = args;
  const asked = verb.toLowerCase();
  if (asked === 'get' && args.length === 2) return configGet(turn, name);
  if (asked === 'set' && args.length === 3) return configSet(turn, name, value ?? '');
  return reply.error('ERR Only SENTINEL CONFIG GET <option> / SET <option> <value> are supported.');
}

function configGet(turn: Turn, pattern: string): Reply {
  const glob = Buffer.from(pattern.toLowerCase(), 'latin1');
  const found = [...parameters].filter(([name]) => globMatch(glob, Buffer.from(name, 'latin1')));
  return reply.map(
    found.map(([name, { get }]) => [reply.bulk(name), reply.bulk(get(turn.settings))] as const),
  );
}

function configSet(turn: Turn, name: string, value: string): Reply {
  const parameter = parameters.get(name.toLowerCase());
  if (parameter === undefined) {
    return reply.error(`ERR Invalid argument '${name}' to SENTINEL CONFIG SET`);
  }
  const change = parameter.set(value);
  if (change === null) {
    return reply.error(`ERR Invalid value '${value}' to SENTINEL CONFIG SET '${name}'`);
  }
  turn.settings = { ...turn.settings, ...change };
  turn.persist();
  if (parameter.reconnects === true) {
    for (const { sentinels } of turn.masters.values()) {
      for (const { link } of sentinels.values()) disconnect(turn, link);
    }
  }
  return reply.ok;
}

/** SENTINEL DEBUG's parameters, in Redis' order, and the fields that each sets. */
const periods: ReadonlyMap<string, keyof SentinelProfile> = new Map<string, keyof SentinelProfile>([
  ['info-period', 'infoPeriodMs'],
  ['ping-period', 'maxPingPeriodMs'],
  ['ask-period', 'askPeriodMs'],
  ['publish-period', 'helloPeriodMs'],
  ['default-down-after', 'defaultDownAfterMs'],
  ['default-failover-timeout', 'defaultFailoverTimeoutMs'],
  ['tilt-trigger', 'tiltTriggerMs'],
  ['tilt-period', 'tiltPeriodMs'],
  ['slave-reconf-timeout', 'reconfTimeoutMs'],
  ['min-link-reconnect-period', 'minLinkAgeMs'],
  ['election-timeout', 'electionTimeoutMs'],
  ['script-max-runtime', 'scriptMaxRuntimeMs'],
  ['script-retry-delay', 'scriptRetryDelayMs'],
]);

/** @param args - none, to see them all; or parameter, value, parameter, value… */
export function debugCommand(turn: Turn, args: readonly string[]): Reply {
  if (args.length === 0) {
    return reply.map(
      [...periods].map(([name, field]) => [
        reply.bulk(name.toUpperCase()),
        reply.bulk(String(turn.remoteProfile[field])),
      ]),
    );
  }
  for (let at = 0; at < args.length; at += 2) {
    const [name = '', value] = args.slice(at, at + 2);
    const field = periods.get(name.toLowerCase());
    if (field === undefined || value === undefined) {
      return reply.error(`ERR Unknown option or number of arguments for SENTINEL DEBUG '${name}'`);
    }
    const ms = parseSafeInteger(value);
    if (ms === null || ms <= 0) {
      return reply.error(`ERR Invalid argument '${value}' for SENTINEL DEBUG '${name}'`);
    }
    const change = { [field]: ms, ...(field === 'helloPeriodMs' ? { roleGraceMs: 4 * ms } : {}) };
    turn.profile = { ...turn.profile, ...change };
    turn.remoteProfile = { ...turn.remoteProfile, ...change };
  }
  return reply.ok;
}
