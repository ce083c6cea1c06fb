/** What INFO says of replication, for the sizing. Works for Redis, Valkey and ringleader's own nodes. */

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

/** @param text - the reply to INFO, all sections of it that are needed. @returns null: it is none. */
export function parseInfo(text: string): InfoSample | null {
  const fields = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1));
  }
  const offset = fields.get('master_repl_offset');
  const role = fields.get('role');
  if (offset === undefined || role === undefined) return null;
  const number = (name: string): number => Number(fields.get(name) ?? 0);
  return {
    offset: Number(offset),
    role,
    version: fields.get('redis_version') ?? '',
    replicas: [...fields].filter(([name]) => /^slave\d+$/.test(name)).flatMap(toReplica),
    backlogBytes: number('repl_backlog_size'),
    datasetBytes: number('used_memory_dataset'),
    syncFull: number('sync_full'),
    syncPartialOk: number('sync_partial_ok'),
    syncPartialErr: number('sync_partial_err'),
  };
}

/** `ip=10.0.0.2,port=6379,state=online,offset=1234,lag=0` */
function toReplica([, value]: [string, string]): InfoSample['replicas'][number][] {
  const parts = new Map(value.split(',').map((part) => [part.split('=')[0], part.split('=')[1]]));
  if (parts.get('state') !== 'online') return [];
  const name = `${parts.get('ip')}:${parts.get('port')}`;
  return [{ name, offset: Number(parts.get('offset')) }];
}

/**
 * How much is under way to a replica when its link goes: the median of what it had not acknowledged,
 * of the replica with most. Acknowledgements come once a second, so it is rather too much.
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
