/** What is measured: a master and its replicas, ours or real servers, asked the same questions. */

export interface System {
  /** For people: `ringleader`, `redis-server 7.0.15`, `db.example:6379`. */
  readonly name: string;
  readonly host: string;
  /** The master's. */
  readonly port: number;
  /** One name for each replica. */
  readonly replicas: readonly string[];
  /** Replication offsets: the master's, then the replicas' in their order. */
  offsets(): Promise<readonly number[]>;
  /** Seconds on a CPU so far, in the same order; null: they are not told. */
  cpuSeconds(): Promise<readonly number[] | null>;
  /** Remove what a load has written. */
  clear(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Resolve once every replica has applied all that the master has written. */
export async function settle(system: System): Promise<void> {
  for (;;) {
    const [master, ...replicas] = await system.offsets();
    if (replicas.every((offset) => offset >= master!)) return;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
