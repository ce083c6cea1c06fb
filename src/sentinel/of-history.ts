/**
 * Whether a replica's data are the master's: a guard that Redis' sentinel does not have.
 *
 * Redis compares offsets, whatever history they count. A former master that has not been synced yet
 * may have the highest, with writes that were replaced; a server that has got a dead replica's
 * address may have any, of another group's data. INFO says in which history a node is, and whom it
 * follows.
 */
import { replicaAt } from './replica-at.js';
import type { Master, Replica } from './state.js';
import type { Turn } from './turn.js';

export type HistoryStanding =
  /** In the history that the master was last heard to be in, or by its own word its replica. */
  | 'same'
  /** In another one, but of this group. */
  | 'other'
  /** In another one, and it follows a master that is no node of this group. */
  | 'outside';

export function historyStanding(
  turn: Pick<Turn, 'same'>,
  master: Master,
  replica: Replica,
): HistoryStanding {
  const { reportedMaster, roleReported } = replica;
  const followed = roleReported === 'replica' ? reportedMaster : null;
  const follows = followed !== null && turn.same(followed, master.address);
  const [own, masters] = [replidOf(replica.infoText), replidOf(master.infoText)];
  if (own === null || masters === null) return follows ? 'same' : 'other';
  if (own === masters) return 'same';
  const isOfGroup = followed === null || follows || replicaAt(turn, master, followed) !== undefined;
  return isOfGroup ? 'other' : 'outside';
}

/**
 * @returns how many bytes of its history a master has lost that has started anew; 0: none.
 *
 * @param before - its INFO before that.
 * @param now - its first INFO since.
 */
export function lostBytes(before: string | null, now: string): number {
  const [had, has] = [offsetOf(before), offsetOf(now)];
  return had === null || has === null ? 0 : Math.max(0, had - has);
}

function replidOf(info: string | null): string | null {
  return /^master_replid:([0-9a-f]{40})/m.exec(info ?? '')?.[1] ?? null;
}

function offsetOf(info: string | null): number | null {
  const digits = /^master_repl_offset:(\d+)/m.exec(info ?? '')?.[1];
  return digits === undefined ? null : Number(digits);
}
