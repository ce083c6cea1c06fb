/**
 * Read what a sentinel needs out of a node's INFO.
 *
 * @see redis/redis 7.0 src/sentinel.c, sentinelRefreshInstanceInfo(), its parsing half
 */
import type { Millis } from '../base/time.js';
import type { Address } from './messages.js';
import type { Role } from './state.js';

/** What INFO said; a field that was not there is null. */
export interface InfoReport {
  readonly runid: string | null;
  readonly role: Role | null;
  /** The replicas a master knows, in its order. */
  readonly replicas: readonly Address[];
  /** Of a replica: whom it follows. */
  readonly master: Address | null;
  readonly masterLinkUp: boolean | null;
  /** 0 when INFO has no such line, which means that the link is up. */
  readonly masterLinkDownMs: Millis;
  readonly priority: number | null;
  readonly offset: number | null;
  readonly announced: boolean | null;
}

/** @param text - INFO's reply: `name:value` lines, sections as `# Name`, CRLF between lines. */
export function parseInfo(text: string): InfoReport {
  const fields = new Map<string, string>();
  const replicas: Address[] = [];
  for (const line of text.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1);
    if (/^slave\d/.test(name)) {
      const address = parseReplica(value);
      if (address !== null) replicas.push(address);
    } else fields.set(name, value);
  }

  const word = fields.get('role');
  const role = word === 'master' ? 'master' : word === 'slave' ? 'replica' : null;
  const common = {
    runid: fields.get('run_id')?.slice(0, 40) ?? null,
    role,
    replicas,
    masterLinkDownMs: (number(fields.get('master_link_down_since_seconds')) ?? 0) * 1000,
  } as const;
  if (role !== 'replica') {
    const unknown = { master: null, masterLinkUp: null, priority: null, offset: null };
    return { ...common, ...unknown, announced: null };
  }
  const host = fields.get('master_host');
  const port = number(fields.get('master_port'));
  const status = fields.get('master_link_status');
  const announced = number(fields.get('replica_announced'));
  return {
    ...common,
    master: host !== undefined && port !== null ? { host, port } : null,
    masterLinkUp: status === undefined ? null : status === 'up',
    priority: number(fields.get('slave_priority')),
    offset: number(fields.get('slave_repl_offset')),
    announced: announced === null ? null : announced !== 0,
  };
}

/** `ip=127.0.0.1,port=6380,state=online,…`; before Redis 2.8 `127.0.0.1,6380,online`. */
function parseReplica(value: string): Address | null {
  const parts = value.split(',');
  const named = (name: string): string | undefined =>
    parts.find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1);
  const host = value.includes('ip=') ? named('ip') : parts[0];
  const port = number(value.includes('ip=') ? named('port') : parts[1]);
  return host !== undefined && host !== '' && port !== null ? { host, port } : null;
}

function number(text: string | undefined): number | null {
  const value = Number.parseInt(text ?? '', 10);
  return Number.isNaN(value) ? null : value;
}
