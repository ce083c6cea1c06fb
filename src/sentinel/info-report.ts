/**
 * Read what a sentinel needs out of a node's INFO.
 *
 * @see redis/redis 7.0 src/sentinel.c, sentinelRefreshInstanceInfo(), its parsing half
 */
import type { Address } from '../base/address.js';
import type { Millis } from '../base/time.js';
import { infoReplicas, parseInfo } from '../resp/info-text.js';
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

/** @param text - INFO's reply. */
export function toInfoReport(text: string): InfoReport {
  const fields = parseInfo(text);
  const replicas = infoReplicas(fields).map(({ host, port }) => ({ host, port }));

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

function number(text: string | undefined): number | null {
  const value = Number.parseInt(text ?? '', 10);
  return Number.isNaN(value) ? null : value;
}
