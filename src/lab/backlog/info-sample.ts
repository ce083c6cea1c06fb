/**
 * What INFO says of replication, for the sizing. Works for Redis, Valkey and ringleader's own
 * nodes.
 */
import { joinHostPort } from '../../base/host-port.js';
import { infoReplicas, parseInfo } from '../../resp/info-text.js';

export interface InfoSample {
  readonly offset: number;
  readonly role: string;
  /** `redis_version`; '' where it is not said. */
  readonly version: string;
  /** Replicas that follow the stream, and the last byte each has acknowledged. */
  readonly replicas: readonly { readonly name: string; readonly offset: number }[];
  readonly backlogBytes: number;
  readonly datasetBytes: number;
  readonly syncFull: number;
  readonly syncPartialOk: number;
  readonly syncPartialErr: number;
}

/**
 * @param text - the reply to INFO, all sections of it that are needed. @returns null: it is none.
 */
export function toInfoSample(text: string): InfoSample | null {
  const fields = parseInfo(text);
  const offset = fields.get('master_repl_offset');
  const role = fields.get('role');
  if (offset === undefined || role === undefined) return null;
  const number = (name: string): number => Number(fields.get(name) ?? 0);
  return {
    offset: Number(offset),
    role,
    version: fields.get('redis_version') ?? '',
    replicas: infoReplicas(fields)
      .filter(({ state }) => state === 'online')
      .map(({ host, port, offset: acknowledged }) => ({
        name: joinHostPort(host, port),
        offset: acknowledged,
      })),
    backlogBytes: number('repl_backlog_size'),
    datasetBytes: number('used_memory_dataset'),
    syncFull: number('sync_full'),
    syncPartialOk: number('sync_partial_ok'),
    syncPartialErr: number('sync_partial_err'),
  };
}

/**
 * How much is under way to a replica when its link goes: the median of what it had not
 * acknowledged, of the replica with most. Acknowledgements come once a second, so it is rather too
 * much.
 *
 * @returns bytes.
 */
export function inFlightBytes(samples: readonly InfoSample[]): number {
  const lags = new Map<string, number[]>();
  for (const { offset, replicas } of samples) {
    for (const replica of replicas) {
      const list = lags.get(replica.name) ?? [];
      list.push(Math.max(0, offset - replica.offset));
      lags.set(replica.name, list);
    }
  }
  const medians = [...lags.values()].map(
    (list) => list.toSorted((a, b) => a - b)[list.length >> 1] ?? 0,
  );
  return Math.max(0, ...medians);
}
