/**
 * The rules that failover and replication rest on, each broken on purpose: a simulation that does
 * not notice would prove nothing.
 */
import type { ReplicationFrame } from '../replication/shared/frames.js';
import type { BrokenRule } from './rule-names.js';
import type { SentinelEffect, SentinelMessage } from '../sentinel/messages.js';
import type { Master, SentinelState } from '../sentinel/state.js';
import { type Rules, soundRules, type WithHistory } from './rules.js';

const BROKEN: Readonly<Record<BrokenRule, Rules>> = {
  /** A sentinel forgets whom it has voted for whenever it is asked. */
  'vote-twice': { ...soundRules, beforeStep: forgetVote },
  /** A candidate counts every sentinel's vote as its own. */
  'skip-majority': { ...soundRules, beforeStep: assumeVotes },
  /** The replica with the least data counts as that with the most. */
  'promote-stale': { ...soundRules, beforeStep: turnOffsetsAround },
  /** A master takes every replica's history for its own. */
  'accept-any-id': { ...soundRules, onReplicationFrame: claimHistory, onReplicaBytes: claimId },
  /** What others are told goes out before the file is on disk. */
  'answer-before-persist': { ...soundRules, afterStep: persistLast },
  /** A master that was replaced can go on publishing. */
  'forget-fence': { ...soundRules, fences: false },
  /** A strict master answers once it has a write itself. */
  'ack-before-majority': { ...soundRules, acks: () => 0 },
  /** A replica acknowledges all that its master has, whether it has read it or not. */
  'ack-unread': { ...soundRules, onReplicationFrame: claimAll, onReplicaBytes: claimAllBytes },
  /** A master goes on writing without its replicas. */
  'forget-min-replicas': { ...soundRules, countsReplicas: false },
};

export const BROKEN_RULES: readonly string[] = Object.keys(BROKEN);

export function isBrokenRule(name: string): name is BrokenRule {
  return Object.hasOwn(BROKEN, name);
}

export function brokenRules(name: BrokenRule): Rules {
  return BROKEN[name];
}

function withMasters(state: SentinelState, change: (master: Master) => Master): SentinelState {
  const masters = new Map([...state.masters].map(([name, master]) => [name, change(master)]));
  return { ...state, masters };
}

function forgetVote(state: SentinelState, message: SentinelMessage): SentinelState {
  const isAsked =
    (message.type === 'question' && message.question.candidate !== null) ||
    (message.type === 'command' && message.args.at(-1)?.length === 40);
  if (!isAsked) return state;
  return withMasters(state, (master) => ({ ...master, leader: null, leaderEpoch: 0 }));
}

function assumeVotes(state: SentinelState): SentinelState {
  return withMasters(state, (master) => {
    if (master.failoverState !== 'wait-start') return master;
    const { failoverEpoch: leaderEpoch } = master;
    const sentinels = [...master.sentinels].map(
      ([id, peer]) => [id, { ...peer, leader: state.myid, leaderEpoch }] as const,
    );
    return { ...master, sentinels: new Map(sentinels) };
  });
}

function turnOffsetsAround(state: SentinelState): SentinelState {
  return withMasters(state, (master) => {
    if (master.failoverState !== 'select-replica' && !master.sdown) return master;
    const replicas = [...master.replicas].map(
      ([name, replica]) => [name, { ...replica, offset: -Math.abs(replica.offset) }] as const,
    );
    return { ...master, replicas: new Map(replicas) };
  });
}

function claimHistory(frame: ReplicationFrame, to: WithHistory): ReplicationFrame {
  const replid = to.replid();
  if (frame.type !== 'psync' || frame.replid === '?' || replid === null) return frame;
  return { ...frame, replid };
}

function claimId(bytes: Uint8Array, master: WithHistory | null): Uint8Array {
  const replid = master?.replid() ?? null;
  if (replid === null) return bytes;
  const text = Buffer.from(bytes).toString('latin1');
  const asked = /^\*3\r\n\$5\r\nPSYNC\r\n\$40\r\n([0-9a-f]{40})\r\n/i.exec(text)?.[1];
  return asked === undefined ? bytes : Buffer.from(text.replace(asked, replid), 'latin1');
}

function claimAll(frame: ReplicationFrame, to: WithHistory): ReplicationFrame {
  return frame.type === 'ack' ? { ...frame, offset: to.head() ?? frame.offset } : frame;
}

function claimAllBytes(bytes: Uint8Array, master: WithHistory | null): Uint8Array {
  const head = master?.head() ?? null;
  const text = Buffer.from(bytes).toString('latin1');
  if (head === null || !ACK.test(text)) return bytes;
  const claimed = `${head}`;
  return Buffer.from(text.replace(ACK, `$1$$${claimed.length}\r\n${claimed}\r\n`), 'latin1');
}

/** A whole REPLCONF ACK; the offset's length and the offset are what is replaced. */
const ACK = /(\$8\r\nREPLCONF\r\n\$3\r\nACK\r\n)\$\d+\r\n\d+\r\n/i;

const isFile = ({ type }: SentinelEffect): boolean => type === 'persist';

function persistLast(ready: readonly SentinelEffect[]): readonly SentinelEffect[] {
  return [...ready.filter((effect) => !isFile(effect)), ...ready.filter(isFile)];
}
