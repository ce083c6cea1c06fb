/**
 * When a replica has been silent for too long (`repl-timeout`).
 *
 * Online it says once a second how far it is. Before that it may have nothing to say for as long as
 * a snapshot takes: that it takes what it is given is a sign of life, and one that has taken all
 * there is waits for this node. What is sent with a snapshot's last bytes it answers when it has
 * loaded them; until then it sends empty lines (onHeard).
 *
 * @see redis/redis 7.0 src/replication.c, replicationCron()
 */
import type { Millis } from '../base/time.js';
import type { ReplicaRecord } from './replica-record.js';
import type { ReplicaSession } from './replica-session.js';

/** What is looked at of a replica. */
export type HeardReplica = Pick<ReplicaRecord, 'stage' | 'heardAt' | 'leftBytes'> & {
  readonly session: Pick<ReplicaSession, 'acknowledges' | 'isOwing' | 'leftBytes'>;
};

/** To be asked once a cron turn. @param now - monotonic ms. */
export function isSilent(record: HeardReplica, timeoutMs: Millis, now: Millis): boolean {
  const { session, stage } = record;
  if (stage === 'wait-snapshot') return false;
  if (stage !== 'online') {
    const { leftBytes } = session;
    const waitsForUs = stage === 'sending' && !session.isOwing;
    if (waitsForUs || leftBytes > record.leftBytes) record.heardAt = now;
    record.leftBytes = leftBytes;
  }
  return session.acknowledges && now - record.heardAt > timeoutMs;
}
