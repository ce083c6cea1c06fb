/**
 * When a cluster is ready: each actor says so of itself.
 *
 * A port that accepts is not enough. A client that connects too early finds sentinels that do not
 * know each other yet, so that a failover would lack its majority; hence each node is asked for its
 * replication and each sentinel for what it knows, by the commands that a person would use.
 */
import { infoReplicas, parseInfo } from '../resp/info-text.js';
import type { Reply } from '../resp/reply.js';
import { text } from './client/value.js';

/** What a sentinel should see. */
export interface Expectation {
  /** Its own cluster's; there may be more outside. */
  readonly replicas: number;
  readonly sentinels: number;
  readonly masterPort: number;
}

/** What a node should say of itself. */
export interface NodeExpectation {
  /** Where the master listens that it follows; null: it is master. */
  readonly follows: number | null;
  /** Replicas that it should have, at least. */
  readonly replicas: number;
}

/**
 * What a node should say of itself.
 *
 * @param isHead - it is the master, or the one that others follow to an outside master.
 * @param headPort - where that one listens.
 */
export function expectedOf(
  { replicas }: { readonly replicas: number },
  isHead: boolean,
  outside: { readonly port: number; readonly isWatched: boolean } | null,
  headPort: number,
): NodeExpectation {
  if (outside?.isWatched) return { follows: outside.port, replicas: 0 };
  if (isHead) return { follows: outside?.port ?? null, replicas };
  return { follows: headPort, replicas: 0 };
}

/**
 * @param linkFailure - why its link to its master was lost or refused last; null: not known.
 * @returns what this node lacks, for people; null: nothing.
 */
export function nodeLacks(
  info: Reply | null,
  expected: NodeExpectation,
  linkFailure: string | null = null,
): string | null {
  if (info?.type !== 'bulk') return 'does not answer INFO';
  const fields = parseInfo(text(info.value));
  const role = fields.get('role');
  const { follows, replicas } = expected;
  if (follows === null) {
    if (role !== 'master') return `is ${role}, not master`;
  } else {
    if (role !== 'slave') return `is ${role}, not replica`;
    if (fields.get('master_port') !== String(follows)) return 'follows another master';
    if (fields.get('master_link_status') !== 'up') {
      return `has no link to its master${linkFailure === null ? '' : ` (${linkFailure})`}`;
    }
  }
  const online = infoReplicas(fields).filter(({ state }) => state === 'online');
  if (online.length < replicas) return `has ${online.length} of ${replicas} replicas online`;
  return strictLacks(fields, replicas);
}

/** A replica of a strict cluster counts a moment after it is online; until then it has no vote. */
function strictLacks(fields: ReadonlyMap<string, string>, replicas: number): string | null {
  const established = fields.get('strict_established');
  if (established === undefined || replicas === 0) return null;
  if (established !== '1') return 'has no majority behind it';
  const counted = Number(fields.get('strict_replicas_counted'));
  return counted < replicas ? `counts ${counted} of ${replicas} replicas` : null;
}

/**
 * @param master - the reply to `SENTINEL MASTER name`.
 * @param quorum - the reply to `SENTINEL CKQUORUM name`.
 * @returns what this sentinel lacks, for people; null: nothing.
 */
export function sentinelLacks(
  master: Reply | null,
  quorum: Reply | null,
  expected: Expectation,
): string | null {
  const fields = master === null ? null : parsePairs(master);
  if (fields === null) return 'does not answer SENTINEL MASTER';
  if (fields.get('port') !== String(expected.masterPort)) return 'watches another master';
  if (fields.get('flags') !== 'master') return `sees the master as ${fields.get('flags')}`;
  const replicas = Number(fields.get('num-slaves'));
  if (replicas < expected.replicas) return `knows ${replicas} of ${expected.replicas} replicas`;
  const others = Number(fields.get('num-other-sentinels'));
  if (others !== expected.sentinels - 1) {
    return `knows ${others} of ${expected.sentinels - 1} other sentinels`;
  }
  return quorum?.type === 'simple' ? null : 'has no quorum';
}

/** A flat array name, value, name, value… of bulk strings, or RESP3's map. */
function parsePairs(reply: Reply): Map<string, string> | null {
  let items: readonly Reply[];
  if (reply.type === 'array') items = reply.items;
  else if (reply.type === 'map') items = reply.entries.flat();
  else return null;
  const words = items.map((item) => (item.type === 'bulk' ? text(item.value) : ''));
  const fields = new Map<string, string>();
  for (let i = 0; i + 1 < words.length; i += 2) fields.set(words[i] ?? '', words[i + 1] ?? '');
  return fields;
}
