/**
 * Replicas that were dropped because the stream is more than reaches them.
 *
 * Redis serves such a replica another full resync at once. During that it falls behind again, is
 * dropped again, and so on for as long as the load lasts, which costs the master a snapshot and the
 * link its whole width each time. Here it is refused one until the stream is slower than what it
 * was seen to take, or its limits were changed; and now and then it is let in regardless, since a
 * link may have become faster. A partial resync is never refused, and neither is a replica that had
 * stopped answering: that was not slow but away.
 */
import { joinHostPort } from '../base/host-port.js';
import type { Millis } from '../base/time.js';
import type { ReplicationConfig } from './environment.js';
import type { ReplicaRecord } from './replica-record.js';
import type { ReplicaSession } from './replica-session.js';
import { StreamRate } from './stream-rate.js';

/** Who says nothing for longer is away: it acknowledges once a second. */
const AWAY_MS: Millis = 3000;
/** It is let in again regardless after this, then after twice that, and so on. */
const FIRST_RETRY_MS: Millis = 120_000;
const LAST_RETRY_MS: Millis = 16 * 60_000;

interface SlowReplica {
  readonly host: string;
  readonly port: number;
  /** Bytes a second that it was seen to take. */
  readonly takes: number;
  /** What its limits were. */
  readonly limits: string;
  /** Monotonic ms; after that it may try. */
  readonly retryAt: Millis;
  /** Times that it was dropped. */
  readonly drops: number;
}

type Limits = Pick<
  ReplicationConfig,
  'flowControl' | 'flowControlTimeoutMs' | 'replicaBufferLimit'
>;

/** What is looked at of a replica. */
type SeenReplica = Pick<ReplicaRecord, 'heardAt' | 'wholeAt' | 'wholeLeftBytes'> & {
  readonly session: Pick<ReplicaSession, 'host' | 'port' | 'isRemote' | 'leftBytes'>;
};

export class SlowReplicas {
  readonly #byName = new Map<string, SlowReplica>();
  readonly #rate = new StreamRate();

  /** Once a cron turn. @param head - of the stream. @param now - monotonic ms, as below. */
  onCron(head: number, now: Millis): void {
    this.#rate.note(head, now);
  }

  /** @returns what the log says of that; null: it was not slow, or there is no link to it. */
  onDropped(record: SeenReplica, config: Limits, now: Millis): string | null {
    const { session, heardAt, wholeAt, wholeLeftBytes } = record;
    const tookBytes = session.leftBytes - wholeLeftBytes;
    if (!session.isRemote || now - heardAt > AWAY_MS || tookBytes === 0) return null;
    const name = nameOf(session);
    const drops = (this.#byName.get(name)?.drops ?? 0) + 1;
    const takes = (tookBytes * 1000) / Math.max(1, now - wholeAt);
    const retryMs = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (drops - 1));
    const { host, port } = session;
    this.#byName.set(name, {
      host,
      port,
      takes,
      limits: limitsOf(config),
      retryAt: now + retryMs,
      drops,
    });
    return `No full resync for replica ${name} while the stream has more than the ${Math.round(takes)} bytes/s that it took, for ${retryMs / 1000} s at most. Raise client-output-buffer-limit, or set repl-flow-control to throttle`;
  }

  /** It has all there is: it is slow no more. */
  onWhole(session: Pick<ReplicaSession, 'host' | 'port'>): void {
    if (this.#byName.size > 0) this.#byName.delete(nameOf(session));
  }

  /** @returns why it gets no full resync now, as a reply; null: it does. */
  whyNot(
    session: Pick<ReplicaSession, 'host' | 'port'>,
    config: Limits,
    head: number,
    now: Millis,
  ): string | null {
    const slow = this.#byName.get(nameOf(session));
    if (slow === undefined) return null;
    if (now >= slow.retryAt || slow.limits !== limitsOf(config)) return null;
    if (this.#rate.at(head, now) <= slow.takes) return null;
    // Redis tries again later when it is answered so, and logs the whole of it.
    return 'NOMASTERLINK This replica cannot keep up with the stream: raise client-output-buffer-limit on its master, or set repl-flow-control to throttle';
  }

  /** INFO's lines. */
  info(now: Millis): (readonly [string, string])[] {
    return [...this.#byName.values()].map(({ host, port, takes, retryAt }, index) => {
      const retrySeconds = Math.max(0, Math.ceil((retryAt - now) / 1000));
      return [
        `slow_replica${index}`,
        `ip=${host},port=${port},takes=${Math.round(takes)},retry_in=${retrySeconds},raise=client-output-buffer-limit`,
      ] as const;
    });
  }
}

const nameOf = ({ host, port }: Pick<ReplicaSession, 'host' | 'port'>): string =>
  joinHostPort(host, port);

/** Whatever of it changes may be the remedy. */
function limitsOf({ flowControl, flowControlTimeoutMs, replicaBufferLimit }: Limits): string {
  const { hardBytes, softBytes, softSeconds } = replicaBufferLimit;
  return `${flowControl} ${flowControlTimeoutMs} ${hardBytes} ${softBytes} ${softSeconds}`;
}
