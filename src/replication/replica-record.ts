/** What a master knows of one of its replicas. */
import { joinHostPort } from '../base/host-port.js';
import type { Millis } from '../base/time.js';
import type { ReplicaSession } from './replica-session.js';

/**
 * - `wait-snapshot`: wants a full sync; the next snapshot is for it
 * - `sending`: is being sent one
 * - `loading`: has been sent all of it
 * - `online`: follows the stream
 */
export type ReplicaStage = 'wait-snapshot' | 'sending' | 'loading' | 'online';

export interface ReplicaRecord {
  readonly session: ReplicaSession;
  stage: ReplicaStage;
  /** The last byte it is known to have; of the snapshot's moment while it takes one. */
  offset: number;
  /** When it was last heard of: Unix ms for lag, monotonic for timeouts. */
  ackedAt: Millis;
  heardAt: Millis;
  /** What had left for it when it was last looked at. @see ReplicaSession.leftBytes */
  leftBytes: number;
  /** When it last had taken all there was, monotonic, and what had left for it by then. */
  wholeAt: Millis;
  wholeLeftBytes: number;
  /** Since when it has waited for a snapshot; monotonic. */
  readonly requestedAt: Millis;
  /** Since when it has been further behind than the soft limit allows; null: it is not. */
  overSoftLimitSince: Millis | null;
  /** Bytes of the snapshot that it has been sent. */
  sentBytes: number;
}

/** How messages name a replica. */
export const nameOf = ({ session }: ReplicaRecord): string =>
  joinHostPort(session.host, session.port);

/**
 * Redis' word for a replica's stage, in INFO. While a snapshot is made, replicas across sockets
 * wait for it there, whether it is sent to them meanwhile or afterwards.
 *
 * @see redis/redis 7.0 src/replication.c, replstateToString(), rdbSaveToSlavesSockets()
 */
export function stageWord({
  stage,
  session,
}: ReplicaRecord): 'wait_bgsave' | 'send_bulk' | 'online' {
  if (stage === 'online') return 'online';
  const waits = stage === 'wait-snapshot' || (stage === 'sending' && session.isRemote);
  return waits ? 'wait_bgsave' : 'send_bulk';
}
